import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rules } from '../../src/lint/rules.ts';
import { say } from '../commands/kit.ts';
import { root } from '../stacks/stack-list.ts';

const page = readFileSync(join(root, 'docs/lint.md'), 'utf8');

it('the page has every rule as it is, and no other', () => {
  const listed = rules.map(
    ({ id, severity, finds, reason, fix }) =>
      `### ${id}\n\n${severity === 'error' ? 'Error' : 'Warning'}: ${finds}.\n\n${reason} To do: ${fix}.\n`,
  );
  expect(page.slice(page.indexOf('## Rules'))).toBe(`## Rules\n\n${listed.join('\n')}`);
});

it('the example of the page is what lint says', async () => {
  const [, line = '', said = ''] = /```\n\$ stackctl (.*)\n([\s\S]*?)\n…\n```/.exec(page) ?? [];
  const { stdout } = await say(line, { cwd: root, environment: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' } });
  expect(said).not.toBe('');
  expect(stdout).toContain(said);
});
