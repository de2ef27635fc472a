import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { folderWith, shown, stackOf } from './stack-folder.ts';

const environmentOf = (stack: Awaited<ReturnType<typeof stackOf>>) => stack.desired.services['web']?.settings.environment;
const web = (rest: string) => `services:\n  web:\n    image: i\n    ${rest}`;

describe('variables', () => {
  it('come from the environment before .env, and from several env files the last', async () => {
    const folder = folderWith({
      'compose.yaml': web('environment: {A: "${A}", B: "${B}", C: "${C-}", D: }'),
      '.env': 'A=file\nB=${A}-x\nD=file',
      'one.env': 'A=1\nB=1',
      'two.env': 'B=$A$B\nC=2',
    });
    const plain = await folder.read({ environment: { A: 'outside' } });
    expect(plain.ok && environmentOf(plain.value)).toEqual({ A: 'outside', B: 'outside-x', C: '', D: 'file' });
    const given = await folder.read({ envFiles: [join(folder.path, 'one.env'), join(folder.path, 'two.env')] });
    expect(given.ok && environmentOf(given.value)).toEqual({ A: '1', B: '11', C: '2', D: null });
    expect(given.ok && given.value.variables).toEqual({ A: '1', B: '11', C: '2' });
  });

  it('of env_files yield to environment, a later file wins, and each means what is known by then', async () => {
    const folder = folderWith({
      'compose.yaml': web(
        'env_file: [a.env, {path: b.env}, {path: no.env, required: false}, {path: raw.env, format: raw}]\n    environment: {A: inline, Q: "${X-none}"}',
      ),
      'a.env': 'A=a\nB=a\nC=a\nX=x',
      'b.env': 'B=b\nD=$A-${C}\nE="q $B"\nFROM',
      'raw.env': 'G="raw $A"',
    });
    const result = await folder.read({ environment: { FROM: 'outside' } });
    expect(result.ok && environmentOf(result.value)).toEqual({
      A: 'inline',
      B: 'b',
      C: 'a',
      D: 'inline-a',
      E: 'q b',
      FROM: 'outside',
      G: '"raw $A"',
      Q: 'none',
      X: 'x',
    });
  });

  it('are missing with a place', async () => {
    const folder = folderWith({ 'compose.yaml': web('image: x'), '.env': 'A=1\nB B=2' });
    const result = await folder.read();
    expect(result.ok ? [] : result.error.map(shown)).toEqual([
      '.env:2:1 dotenv-syntax: the name of a variable cannot hold a space: "B B"',
      '4:5 yaml-duplicate-key: the key "image" stands here for the second time (the first is on line 3)',
    ]);
  });
});

describe('files', () => {
  const problems = async (files: string[], path: string) => {
    const folder = folderWith({ 'compose.yaml': 'services: {}', env: '' });
    const result = await folder.read({ files: files.map((name) => join(folder.path, name)), cwd: path === '' ? folder.path : path });
    return result.ok ? [] : result.error.map(shown);
  };

  it('that are missing or no files are problems', async () => {
    expect(await problems(['compose.yaml', 'no.yaml'], '')).toEqual(['file-missing: no.yaml does not exist']);
    expect(await problems(['compose.yaml/x'], '')).toEqual(['file-missing: compose.yaml/x does not exist']);
    expect(await problems(['../shop'], '/')).toEqual([expect.stringMatching(/^file-unreadable: tmp\/.*shop is not a regular file$/)]);
    expect(await problems(['../../../../../../../../../dev/zero'], '')).toEqual(['file-unreadable: /dev/zero is not a regular file']);
  });

  it('that never answer or never end do not hang', async () => {
    const folder = folderWith({
      'compose.yaml': web('env_file: pipe\n    secrets: [s]\n    volumes: ["./pipe:/p:ro"]') + '\nsecrets: {s: {file: pipe}}',
    });
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    const asEnvFile = await folder.read();
    expect(asEnvFile.ok ? [] : asEnvFile.error.map(shown)).toEqual(['4:15 env-file-unreadable: the env_file pipe is not a regular file']);
    const asStack = await folder.read({ files: [join(folder.path, 'pipe')] });
    expect(asStack.ok ? [] : asStack.error.map(shown)).toEqual(['file-unreadable: pipe is not a regular file']);
  });

  it('of 50 MB are refused at once', async () => {
    const folder = folderWith({ 'compose.yaml': Buffer.alloc(50 * 1024 * 1024, 'a: b\n') });
    const started = process.cpuUsage();
    const result = await folder.read();
    expect(result.ok ? [] : result.error.map(shown)).toEqual(['file-unreadable: compose.yaml is larger than 1 MiB']);
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });

  it('may begin with a byte order mark and end lines as Windows does', async () => {
    expect((await stackOf('\u{FEFF}name: x\r\nservices: {}\r\n')).desired.stack).toBe('x');
  });
});

describe('places', () => {
  it('lead from Settings to the file', async () => {
    const { desired } = await stackOf(`name: s
services:
  web:
    image: \${IMAGE:-i}
    environment:
      FOO: bar
      DB_PASSWORD: geheim
    env_file: []
    ports:
      - "127.0.0.1:8080:80"
      - target: 81
    volumes: [/x]
    networks: [back]
    deploy: {resources: {limits: {memory: 1g}}}
networks: {back: }
`);
    const line = (path: string) =>
      desired.places[path] && `${desired.places[path].line}:${desired.places[path].column}+${desired.places[path].length}`;
    expect(
      Object.fromEntries(
        [
          'web',
          'web.image',
          'web.environment',
          'web.environment.FOO',
          'web.ports.0',
          'web.ports.127.0.0.1:8080:80/tcp',
          'web.ports.81/tcp',
          'web.volumes./x',
          'web.networks.s_back',
          'web.resources.memory',
        ].map((path) => [path, line(`services.${path}`)]),
      ),
    ).toEqual({
      web: '3:3+3',
      'web.image': '4:12+11',
      'web.environment': '5:5+11',
      'web.environment.FOO': '6:12+3',
      'web.ports.0': '10:9+19',
      'web.ports.127.0.0.1:8080:80/tcp': '10:9+19',
      'web.ports.81/tcp': '11:9+10',
      'web.volumes./x': '12:15+2',
      'web.networks.s_back': '13:16+4',
      'web.resources.memory': '14:43+2',
    });
    expect(desired.places['services.web.environment.FOO']?.source).toBe('      FOO: bar');
    expect(desired.places['services.web.environment.DB_PASSWORD']).toEqual({ file: 'compose.yaml', line: 7, column: 20 });
    expect(JSON.stringify(desired)).not.toContain('geheim');
  });

  it('do not show a line that holds a secret', async () => {
    const folder = folderWith({
      'compose.yaml':
        'services:\n  web:\n    image: i\n    environment:\n      A: {URL: "x://a:geheim@b"}\n      MY_TOKEN: [geheim]\n      MINE: [geheim]\nx-stack: {sensitive: [MINE]}',
    });
    const result = await folder.read();
    expect(result.ok ? [] : result.error.map(({ code }) => code)).toEqual(['wrong-type', 'wrong-type', 'wrong-type']);
    expect(JSON.stringify(result)).not.toContain('geheim');
  });
});

describe('hostile stacks end at once', () => {
  it.each([
    [
      'ranges of ports',
      web(`ports: [${Array.from({ length: 200 }, (_, i) => `"127.0.0.${i + 1}:1-65535:1-65535"`).join()}]`),
      'too-many-ports',
    ],
    ['replicas without end', web('deploy: {replicas: 900000000}'), 'bad-number'],
    ['unknown keys', `services: {${Array.from({ length: 20_000 }, (_, i) => `s${i}: {x: 1}`).join()}}`, 'unknown-key'],
    ['misused variables', web(`environment: [${'"${",'.repeat(20_000)}]`), 'interpolation-syntax'],
    ['a text without end', `a: "${'x'.repeat(1_000_000)}`, 'yaml-syntax'],
  ])(
    '%s',
    async (_name, yaml, code) => {
      const started = process.cpuUsage();
      const result = await folderWith({ 'compose.yaml': yaml }).read();
      expect(result.ok ? [] : result.error.map((problem) => problem.code)).toContain(code);
      expect(process.cpuUsage(started).user).toBeLessThan(8_000_000);
    },
    60_000,
  );
});

it('reads names that objects have', async () => {
  const { desired } = await stackOf(
    'services: {toString: {image: i, environment: {valueOf: x}, depends_on: [hasOwnProperty]}, hasOwnProperty: {image: i}}',
  );
  expect(Object.keys(desired.services)).toEqual(['hasOwnProperty', 'toString']);
});

async function timeOf(work: () => unknown): Promise<number> {
  const started = process.cpuUsage();
  await work();
  return process.cpuUsage(started).user;
}

it('reads 1,000 services in little more than it takes to parse them', async () => {
  const services = Array.from(
    { length: 1000 },
    (_, i) =>
      `  s${i}:\n    image: r/a:\${T:-${i}}\n    environment: {A: x, P: ${i}}\n    ports: ["${i + 1000}:80"]\n    volumes: ["data:/d", "./c${i}:/c:ro"]\n    depends_on: [${i > 0 ? `s${i - 1}` : ''}]\n    healthcheck: {test: [CMD, x], interval: 5s}\n`,
  );
  const yaml = `services:\n${services.join('')}volumes: {data: }`;
  const parsing = await timeOf(() => parseDocument(yaml));
  const reading = await timeOf(() => stackOf(yaml));
  // A second or so on an idle machine; the machine of a test is not idle, so the YAML parser's own time is the measure.
  expect(reading / parsing).toBeLessThan(8);
});
