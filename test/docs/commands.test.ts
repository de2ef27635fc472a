import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLine } from '../../src/commands/args.ts';
import { folderWith, say } from '../commands/kit.ts';

/** Every call of stackctl in blocks of code and between backticks of a page. */
function callsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```\w*\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) =>
    line
      .split(/&&|\||>/)
      .map((part) => /^(?:\$ |- run: |restrict,command="\/usr\/local\/bin\/)?(?:sudo )?stackctl ([^#("]*)/.exec(part.trim())?.[1]?.trim())
      .filter((call) => call !== undefined && /^[-a-z]/.test(call) && !/[[…]|:$/.test(call)),
  ) as string[];
}

const pages = ['README.md', ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];
const calls = pages.flatMap((page) => callsIn(readFileSync(page, 'utf8')).map((call) => [page, call] as const));

describe('every command that a page shows', () => {
  it('is found', () => {
    expect(calls.length).toBeGreaterThan(20);
  });

  it.each(calls)('in %s is one: stackctl %s', (_page, call) => {
    const line = parseLine(call.split(/\s+/));
    expect(line.ok ? [] : line.error.problems.map(({ message }) => message)).toEqual([]);
    expect(line.ok && line.value.command?.name).toBeTruthy();
  });
});

describe('docs/ci.md', () => {
  const stack = `name: shop
services:
  web:
    image: nginx:1.27.1
    restart: unless-stopped
    healthcheck: { test: [CMD, curl, -f, http://127.0.0.1/] }
    deploy: { resources: { limits: { memory: 64m } } }
`;
  const shown = calls.flatMap(([page, call]) => (page === 'docs/ci.md' ? [call] : []));

  it('shows these commands', () => {
    expect([...new Set(shown)]).toEqual([
      'validate',
      'lint --format github',
      'orphans --end --yes',
      'apply --yes',
      '-f /data/stacks/compose.yaml orphans --end --yes',
      'apply --yes --json',
    ]);
  });

  // What asks an engine is run in test/e2e/ports and test/e2e/bad-days
  it.each(['validate', 'lint --format github', 'orphans --end --yes', '-f compose.yaml orphans --end --yes'])(
    'has one that works without an engine: stackctl %s',
    async (call) => {
      const cwd = await folderWith({ 'compose.yaml': stack });
      const { code, stdout, stderr } = await say(call, { cwd, environment: { DOCKER_HOST: `unix://${cwd}/nobody.sock` } });
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    },
  );
});
