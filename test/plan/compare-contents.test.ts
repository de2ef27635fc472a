import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { compare } from '../../src/plan/compare.ts';
import { observed, seen, service } from '../kit/builders.ts';

const text = (leaf: unknown = '-'): string => (typeof leaf === 'string' ? leaf : JSON.stringify(leaf));

describe('contents', () => {
  const content = { sealed: 'x', shown: '(sensitive)' };
  const bind = { type: 'bind' as const, source: '/srv/a', target: '/etc/a', read_only: true };
  const secret = { kind: 'secret' as const, name: 'key', target: '/etc/key', content, uid: 0, gid: 0, mode: 0o400 };
  const of = (
    want: Partial<Settings>,
    edited: readonly string[],
    onConfigChange: 'restart' | 'recreate' = 'restart',
    have: Partial<Settings> = {},
  ) => {
    const wanted = service('web', { onConfigChange, settings: want });
    const made = seen(wanted, { edited });
    const fields = compare(
      { service: wanted, replica: wanted.replicas[0]! },
      { ...made, settings: { ...made.settings, ...have } },
      observed(),
    );
    return fields.map(({ path, have: before, want: after, mend }) => `${path}: ${text(before)} -> ${text(after)} (${mend})`);
  };

  it('that changed are said, and mended as the service asks for', () => {
    expect(of({ volumes: [{ ...bind, content }] }, ['content./etc/a'])).toEqual([
      'content./etc/a: (content before) -> (content changed) (restart)',
    ]);
    expect(of({ volumes: [bind] }, ['content./etc/a'])).toEqual([]);
  });

  it('inside the container are read anew by another container only', () => {
    expect(of({ files: [secret] }, ['content./etc/key'])).toEqual(['content./etc/key: (content before) -> (content changed) (replace)']);
  });

  it('of files that are put somewhere else are not worth a word', () => {
    expect(of({ files: [secret] }, ['files', 'content./etc/key'])).toEqual(['secrets.key: (unknown) -> /etc/key 0:0 0400 (replace)']);
  });

  it('of what is mounted otherwise are not worth a word either', () => {
    const other = { volumes: [{ ...bind, source: '/srv/b' }] };
    const two = {
      volumes: [
        { ...bind, content },
        { ...bind, target: '/etc/content', content },
      ],
    };
    expect(
      of(two, ['content./etc/a', 'content./etc/content'], 'restart', { volumes: [...other.volumes, { ...bind, target: '/etc/content' }] }),
    ).toEqual([
      'volumes./etc/a: bind /srv/b (read-only) -> bind /srv/a (read-only) (replace)',
      'content./etc/content: (content before) -> (content changed) (restart)',
    ]);
  });
});
