import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planText } from '../../src/render/plan-text.ts';
import { plainStyle as style } from '../../src/render/style.ts';
import { readStack } from '../../src/spec/read-stack.ts';
import { say, type Said } from '../commands/kit.ts';
import { observed } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { fieldStacks, root, stackFiles } from './stack-list.ts';

const environment = { HOME: '/home/hyperd', DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
const run = (words: string): Promise<Said> => say(words, { cwd: root, environment });

describe.each(stackFiles)('the stack $name', ({ name, file }) => {
  it('is valid', async () => {
    expect(await run(`validate --stack ${name}`)).toEqual({ code: 0, stdout: 'The stack is valid.\n', stderr: '' });
  });

  it('can be printed', async () => {
    expect(await run(`config --stack ${name}`)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is planned like this on an empty engine', async () => {
    const read = await readStack({
      files: [join(root, file)],
      profiles: [],
      envFiles: [],
      environment,
      cwd: root,
      vaultKey: '00'.repeat(16),
    });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const { desired } = read.value;
    const empty = memoryEngine(observed({ images: {}, networks: [] }), { stack: desired.stack }).now();
    const text = planText(plan(desired, empty, plainOptions), { style, verbose: true });
    await expect(withGatesOnly(text).replaceAll(root, '<root>')).toMatchFileSnapshot(join(root, `test/golden/plan-${name}.txt`));
  });
});

/** Every service waits for every pull, network and volume: what is worth reading is what else it waits for. */
const withGatesOnly = (text: string): string =>
  text.replaceAll(/^ {4}after (.*)\n/gm, (_line, list: string) => {
    const gates = list.split(', ').filter((id) => !/^(image\.pull|network\.create|volume\.create) /.test(id));
    return gates.length === 0 ? '' : `    after ${gates.join(', ')}\n`;
  });

describe.each(fieldStacks)('the stack $name', ({ name, file }) => {
  it('has nothing that lint would find', async () => {
    const { code, stdout } = await run(`lint --stack ${name} --json`);
    const { findings, problems } = JSON.parse(stdout) as { findings: { silenced?: string }[]; problems: unknown[] };
    expect(findings.filter(({ silenced }) => silenced === undefined)).toEqual([]);
    expect({ code, problems }).toEqual({ code: 0, problems: [] });
  });

  it('has a README', () => {
    expect(existsSync(join(root, dirname(file), 'README.md'))).toBe(true);
  });
});

it('lint finds what was wrong with the stack of field report 000', async () => {
  const { code, stdout } = await run('lint -f stacks/local-ai/before/compose.yaml --json');
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string; at: { line: number; source: string } }[] };
  const found = findings.filter(({ rule }) => rule === 'healthcheck-cannot-fail').map(({ message, at }) => [message, at.source.trim()]);
  expect(found).toEqual([
    ['the health check of qdrant can never fail', 'test: ["CMD", "true"]'],
    ['the health check of aidb can never fail', 'test: ["CMD-SHELL", "curl -f http://localhost:8091/health || true"]'],
    ['the health check of health-monitor can never fail', 'test: ["CMD", "python3", "-c", "import sys; sys.exit(0)"]'],
  ]);
  expect(code).toBe(2);
});
