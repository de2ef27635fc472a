import { describe, expect, it } from 'vitest';
import { problemsOf, stackOf } from './stack-folder.ts';

/** A stack whose service "db" mounts the volume "data". */
const withOptions = (options: string, service = ''): string =>
  `services: {db: {image: i, volumes: ["data:/d"]${service === '' ? '' : `, ${service}`}}}\nvolumes: {data: {x-stack: {${options}}}}`;

const rulesOf = async (yaml: string) => (await stackOf(yaml)).desired.dataRules;

describe('what is declared of the files in a volume', () => {
  it.each([
    ['owner: "1000:1001"', { owner: { by: 'ids', uid: 1000, gid: 1001 } }],
    ['owner: 1000', { owner: { by: 'ids', uid: 1000 } }],
    ['owner: postgres', { owner: { by: 'names', user: 'postgres', service: 'db' } }],
    ['owner: "postgres:staff"', { owner: { by: 'names', user: 'postgres', group: 'staff', service: 'db' } }],
    ['owner: image-user', { owner: { by: 'image-user', service: 'db' } }],
    ['mode: "0750", depth: 0', { mode: '0750', depth: 0 }],
    ['mode: "u=rwX,g=rX,o=", on_drift: fix', { mode: 'u=rwX,g=rX,o=', onDrift: 'fix' }],
    ['remove_before_start: [raft_state.json, storage/lock]', { removeBeforeStart: ['raft_state.json', 'storage/lock'] }],
  ])('%s', async (options, rule) => {
    const place = { kind: 'volume', name: 'shop_data' };
    const usual = { place, path: 'volumes.data.x-stack', onDrift: 'report', removeBeforeStart: [] };
    expect(await rulesOf(withOptions(options))).toEqual([{ ...usual, ...rule }]);
  });

  it('stands at the mount for a folder of the host', async () => {
    const yaml =
      'services: {db: {image: i, userns_mode: host, volumes: [{type: bind, source: /srv/d, target: /d, x-stack: {owner: "1:2"}}]}}';
    expect(await rulesOf(yaml)).toEqual([
      {
        place: { kind: 'bind', path: '/srv/d' },
        path: 'services.db.volumes.0.x-stack',
        owner: { by: 'ids', uid: 1, gid: 2 },
        onDrift: 'report',
        removeBeforeStart: [],
        userns: 'host',
      },
    ]);
  });

  it('is nothing for who declares nothing, and for a volume that nobody mounts', async () => {
    expect(await rulesOf('services: {db: {image: i, volumes: ["data:/d"]}}\nvolumes: {data: {x-stack: {}}}')).toBeUndefined();
    expect(await rulesOf('services: {db: {image: i}}\nvolumes: {data: {x-stack: {owner: "1:1"}}}')).toBeUndefined();
  });
});

const forms = '("1000:1000", "1000", "postgres", "postgres:postgres" or image-user)';

it.each([
  ['owner: "a:b:c"', [`2:35 bad-owner: "a:b:c" is not an owner ${forms}`]],
  ['owner: "4294967295"', [`2:35 bad-owner: "4294967295" is not an owner ${forms}`]],
  ['owner: "image-user:staff"', [`2:35 bad-owner: "image-user:staff" is not an owner ${forms}`]],
  ['mode: 0750', ['2:34 bad-mode: "0750" is a number, which may be octal or not (write it in quotes: "0750")']],
  ['mode: "+w"', ['2:34 bad-mode: "+w" is no part of a mode (as chmod takes it: "0750", or u=rwX,g=rX,o=)']],
  ['depth: -1', ['2:35 bad-number: "depth" cannot be less than 0: -1']],
  ['on_drift: mend', ['2:38 unknown-value: "on_drift" must be "report" or "fix", not "mend"']],
  ['remove_before_start: ["../x"]', ['bad-file: "../x" is not a plain path within the volume']],
  ['remove_before_start: ["/x"]', ['bad-file: "/x" begins with "/": paths start at the root of the volume']],
  ['remove_before_start: ["*.json"]', ['bad-file: "*.json" looks like a pattern; only files that are named are removed']],
  ['remove_before_start: ["wal/"]', ['bad-file: "wal/" is a folder; folders are never removed']],
])('%s', async (options, problems) => {
  const found = await problemsOf(withOptions(options));
  expect(found).toHaveLength(problems.length);
  problems.forEach((problem, i) => expect(found[i]).toContain(problem));
});

it('two services with different images have no image user in common', async () => {
  const two = (options: string, more = '') =>
    `services: {a: {image: i, volumes: ["data:/d"]${more}}, b: {image: j, volumes: ["data:/d"]${more}}}\nvolumes: {data: {x-stack: {${options}}}}`;
  const hint = '(give the ids: "1000:1000")';
  expect(await problemsOf(two('owner: image-user'))).toEqual([
    `2:35 ambiguous-owner: "image-user" is nobody in particular: a and b, which both mount it, may run as different users ${hint}`,
  ]);
  expect(await problemsOf(two('owner: postgres'))).toEqual([
    `2:35 ambiguous-owner: "postgres" is looked up in an image, but a and b, which both mount it, have different ones ${hint}`,
  ]);
  expect(await problemsOf(two('owner: image-user', ', user: "5:6"'))).toEqual([]);
  expect(await problemsOf(two('owner: "5:6"'))).toEqual([]);
});

it('what is declared of a volume stands at the volume, and once', async () => {
  const mount = (options: string) => `{type: bind, source: /srv/d, target: /d, x-stack: {${options}}}`;
  expect(
    await problemsOf(
      'services: {a: {image: i, volumes: [{type: volume, source: data, target: /d, x-stack: {owner: "1"}}]}}\nvolumes: {data: {}}',
    ),
  ).toEqual([
    expect.stringContaining(
      'data-options-misplaced: what is declared of the files of volume "data" stands at the volume (put it under volumes.data.x-stack)',
    ),
  ]);
  expect(
    await problemsOf(`services: {a: {image: i, volumes: [${mount('owner: "1"')}]}, b: {image: i, volumes: [${mount('owner: "2"')}]}}`),
  ).toEqual([expect.stringContaining('two-data-options: a declares something else of the files in /srv/d')]);
});
