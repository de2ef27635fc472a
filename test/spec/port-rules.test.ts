import { expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

it.each([
  ['on_conflict: kill', ['1:32 unknown-value: "on_conflict" must be "fail" or "reclaim", not "kill"']],
  ['reclaim: [{user: me}]', [expect.stringMatching(/^1:29 missing-key: "command" is missing/)]],
  ['reclaim: [{command: " * "}]', [expect.stringMatching(/^1:39 bad-rule: the pattern " \* " names every process/)]],
  ['reclaim: [{command: node, grace: 5}]', [expect.stringMatching(/^1:52 wrong-type: "grace" must be text/)]],
  ['on_conflict: reclaim, reclaim: [{command: "node *", user: me, grace: 5s}]', []],
])('x-stack: {ports: {%s}}', async (policy, problems) => expect(await problemsOf(`x-stack: {ports: {${policy}}}`)).toEqual(problems));
