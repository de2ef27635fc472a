import { describe, expect, it } from 'vitest';
import { problemsOf, stackOf } from './stack-folder.ts';

const two = (backup: string): string =>
  `services: {a: {image: i, volumes: ["data:/d"]}, b: {image: i, volumes: ["data:/d"]}, c: {image: i, volumes: ["data:/d:ro"]}}
volumes:
  data: {x-stack: {backup: ${backup}}}
  other:`;
const dump = 'pre: [{command: dump all}]';

describe('x-stack.backup of a volume', () => {
  it.each([
    ['{}', { before: [], quiesce: 'stop' }],
    ['{before: [replace, fix], keep: 3, quiesce: pause}', { before: ['replace', 'fix'], keep: 3, quiesce: 'pause' }],
    [`{service: b, ${dump}}`, { before: [], quiesce: 'none', hooks: { service: 'b', pre: [{ command: ['dump', 'all'] }], post: [] } }],
  ])('%s', async (text, policy) => {
    const { desired } = await stackOf(two(text));
    expect(desired.volumes['data']?.backup).toEqual(policy);
    expect(desired.dataRules).toBeUndefined();
  });

  it.each([
    ['{keep: 0}', '3:35'],
    ['{before: [stop]}', '3:38'],
    ['{quiesce: kill}', '3:38'],
    ['{older: 1}', 'unknown key "older"'],
    [`{${dump}}`, 'backup-service: a and b write to this volume'],
    [`{service: c, ${dump}}`, 'backup-service: service "c" does not write to this volume'],
    [`{service: a, quiesce: stop, ${dump}}`, 'backup-quiesce: commands cannot run in a container that is stopped'],
  ])('%s is told', async (text, problem) => {
    const found = await problemsOf(two(text));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });
});
