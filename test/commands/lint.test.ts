import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { containing, folderWith, matching, say, type Said } from './kit.ts';

const environment = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

/** What lint says about this stack file, in this format. */
async function lint(yaml: string, words = ''): Promise<Said> {
  const cwd = await folderWith({ 'compose.yaml': yaml });
  return say(`lint ${words}`.trim(), { cwd, environment });
}

const clean = 'services: { web: { image: "a:1", restart: always, deploy: { resources: { limits: { memory: 1g } } } } }';
const always = `services:
  web:
    image: a:1
    restart: always
    deploy: { resources: { limits: { memory: 1g } } }
    healthcheck: { test: "a, b: 100% || true" }
`;

describe('lint', () => {
  it('has nothing to say about a good file', async () => {
    expect(await lint(clean)).toEqual({
      code: 0,
      stdout: matching(/^note: 1 image not looked into: .*\nNothing found\.\n$/),
      stderr: '',
    });
  });

  it('tells what it found, where, why it matters and what to do', async () => {
    expect(await lint(always)).toMatchObject({
      code: 2,
      stdout: matching(
        /^compose\.yaml:6:26: error: the health check of web can never fail \[healthcheck-cannot-fail\]\n {3}6 \|.*\n {5}\| +\^~+\n {2}hint: .*\n {2}why: .*\n\nnote: .*\n1 error\.\n$/,
      ),
      stderr: '',
    });
  });

  it('tells why once for each rule', async () => {
    const { stdout } = await lint('services: { a: { image: "a:1" }, b: { image: "a:1" } }');
    expect(stdout.match(/\[no-memory-limit\]/g)).toHaveLength(2);
    expect(stdout.match(/the kernel ends whichever/g)).toHaveLength(1);
  });

  it('says that a file cannot be read', async () => {
    expect(await lint('servces: {}')).toEqual({ code: 1, stdout: '', stderr: containing('did you mean "services"?') });
  });

  it('knows a circle as a rule, though no other command takes the file', async () => {
    const circle = 'services: { a: { image: "a:1", depends_on: [b] }, b: { image: "a:1", depends_on: [a] } }';
    expect(await lint(circle)).toMatchObject({ code: 2, stdout: containing('[dependency-cycle]'), stderr: '' });
  });

  it('looks at every profile', async () => {
    expect(await lint(clean.replace('web: {', 'web: { profiles: [p], privileged: true,'))).toMatchObject({
      stdout: containing('[privileged]'),
    });
  });

  it('counts what is silenced', async () => {
    const silenced = always.replace('    image', '    x-stack: { lint: { healthcheck-cannot-fail: it is a demo } }\n    image');
    expect(await lint(silenced)).toMatchObject({ code: 0, stdout: containing('Nothing found, 1 finding silenced in the file.\n') });
  });

  it('does not take a silence without a reason', async () => {
    const silenced = always.replace('    image', '    x-stack: { lint: { healthcheck-cannot-fail: "" } }\n    image');
    const { code, stdout } = await lint(silenced);
    expect([...stdout.matchAll(/\[([\w-]+)\]$/gm)].map(([, rule]) => rule)).toEqual(['silence-without-reason', 'healthcheck-cannot-fail']);
    expect(code).toBe(2);
  });

  it('never shows a secret', async () => {
    const secret = clean.replace('image:', 'environment: { DB_PASSWORD: hunter2, URL: "http://me:hunter3@db" }, image:');
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const { code, stdout } = await lint(secret, `--format ${format}`);
      expect(stdout).toContain('secret-in-environment');
      expect({ code, leaks: /hunter/.test(stdout) }).toEqual({ code: 2, leaks: false });
    }
  });

  it('compares ports with the other stacks of stack.config.yaml', async () => {
    const stack = (name: string): string => clean.replace('services: { web: {', `name: ${name}\nservices: { web: { ports: ["8080:80"],`);
    const cwd = await folderWith({
      'stack.config.yaml':
        'stacks: { one: { file: one.yaml }, two: { file: two.yaml }, far: { file: far.yaml, engine: { host: "tcp://far:2375" } } }',
      'one.yaml': stack('one'),
      'two.yaml': stack('two'),
      'far.yaml': stack('far'),
    });
    const { stdout } = await say('lint --stack one --json', { cwd, environment });
    expect((JSON.parse(stdout) as { findings: unknown }).findings).toMatchObject([
      { rule: 'port-used-twice', message: 'web wants port 8080/tcp of the host, and so does web of the stack two' },
    ]);
  });

  it('looks for mounted paths only where the engine is', async () => {
    const server = createServer((_request, answer) => answer.writeHead(404).end('{"message":"no such image"}'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const cwd = await folderWith({ 'compose.yaml': clean.replace('image:', 'volumes: ["/nowhere/at/all:/data"], image:') });
    const near = await say('lint', { cwd, environment });
    const far = await say('lint', { cwd, environment: { DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` } });
    expect(near).toMatchObject({ code: 2, stdout: containing('[bind-path-missing]') });
    expect(far).toMatchObject({ code: 0, stdout: containing('the engine is on another machine') });
  });

  it('lists its rules', async () => {
    expect(await lint(clean, '--rules')).toMatchObject({ code: 0, stdout: matching(/^healthcheck-cannot-fail \(error\)\n/) });
    const { stdout } = await lint(clean, '--rules --json');
    expect((JSON.parse(stdout) as { rules: unknown[] }).rules[0]).toMatchObject({ id: 'healthcheck-cannot-fail', severity: 'error' });
  });
});

describe('lint for programs', () => {
  it('--json', async () => {
    const { code, stdout } = await lint(always, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      format_version: '1.0',
      findings: [
        { rule: 'healthcheck-cannot-fail', severity: 'error', fix: matching(/./), at: { file: 'compose.yaml', line: 6, column: 26 } },
      ],
      problems: [],
      notes: [containing('not looked into')],
    });
  });

  it('--format sarif, with what is silenced as a suppression', async () => {
    const silenced = always.replace('    image', '    x-stack: { lint: { healthcheck-cannot-fail: it is a demo } }\n    image');
    const [open, silent] = await Promise.all([lint(always, '--format sarif'), lint(silenced, '--format sarif')]);
    const place = { artifactLocation: { uri: 'compose.yaml' }, region: { startLine: 6, startColumn: 26 } };
    expect(JSON.parse(open.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'stackctl' } },
          invocations: [{ executionSuccessful: true }],
          results: [{ ruleId: 'healthcheck-cannot-fail', ruleIndex: 0, level: 'error', locations: [{ physicalLocation: place }] }],
        },
      ],
    });
    expect(JSON.parse(silent.stdout)).toMatchObject({
      runs: [{ results: [{ suppressions: [{ kind: 'inSource', justification: 'it is a demo' }] }] }],
    });
    expect([open.code, silent.code]).toEqual([2, 0]);
  });

  it('--format github, with what ends a command written out', async () => {
    const { stdout } = await lint('services: { web: { image: "a:1", restart: always, privileged: true } }', '--format github');
    expect(stdout).toContain(
      '::warning file=compose.yaml,line=1,col=63,endColumn=67,title=privileged::web has all rights on the host. To do: ',
    );
    expect(await lint('servces: { "a:b": 1 }', '--format github')).toMatchObject({
      code: 1,
      stdout: matching(/^::error file=compose\.yaml,line=1,col=1,endColumn=8,title=unknown-key::unknown key "servces"/),
    });
  });

  it('says in each of them that a file cannot be read', async () => {
    const json = await lint('servces: {}', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ findings: [], problems: [{ code: 'unknown-key' }] });
    const sarif = await lint('servces: {}', '--format sarif');
    expect(JSON.parse(sarif.stdout)).toMatchObject({ runs: [{ invocations: [{ executionSuccessful: false }], results: [] }] });
    expect([json.code, sarif.code]).toEqual([1, 1]);
  });
});
