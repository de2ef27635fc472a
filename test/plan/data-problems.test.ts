import { describe, expect, it } from 'vitest';
import type { DataRule } from '../../src/model/data-rule.ts';
import type { VolumeSpec } from '../../src/model/desired.ts';
import type { SeenData } from '../../src/model/seen-data.ts';
import { dataProblems, differingRules } from '../../src/plan/data-problems.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { desired, observed, seen, seenVolume, volume } from '../kit/builders.ts';
import { db, looked, rule, web } from './data-kit.ts';

interface World {
  readonly rule?: Partial<DataRule>;
  readonly data?: SeenData | undefined;
  readonly volume?: Partial<VolumeSpec>;
  readonly owner?: string;
  readonly selected?: readonly (typeof db)[];
  readonly options?: Partial<PlanOptions>;
  /** Of the file: what is declared on a line of its own. */
  readonly lines?: readonly string[];
}

const root = 'volumes.data.x-stack';

function world({ rule: rules = {}, volume: spec, owner = 'shop', selected = [db, web], options, lines = [root], ...more }: World) {
  const places = Object.fromEntries(lines.map((file) => [file, { file, line: 1, column: 1 }]));
  const data = 'data' in more ? more.data : looked();
  const sides = {
    desired: { ...desired({ services: [db, web], volumes: [volume('data', spec)], dataRules: [rule(rules)] }), places },
    observed: observed({
      volumes: [seenVolume('shop_data', { stack: owner })],
      containers: [db, web].map((each) => seen(each)),
      data: data ? { 'volume shop_data': data } : {},
    }),
    options: { ...plainOptions, ...options },
  };
  return [selected, sides] as const;
}

/** All that is said, as people read it; "@": the line that it points to. */
const said = (one: World): string[] =>
  dataProblems(...world(one)).map(
    ({ severity, code, message, hint, at }) =>
      `${severity} ${code} @${at?.file ?? ''}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );

const mend = '(to mend it: on_drift: fix, or once: stackctl volume fix data)';
const differ = '412 of 413 entries differ, such as storage and storage/wal';
const report = { onDrift: 'report' } as const;
const fix = { fix: ['volume shop_data'] };
const warning = `warning files-differ @${root}: volume shop_data: `;
const someoneElses = `; left as it is, because it is not of this stack (declare the volume with external: true to say that this is meant)`;
const left = '; left as it is, because shop-web-1 runs with it, which this plan leaves alone (let the plan include its service)';
const refused = looked({ differ: 0, refused: ['a is no plain file', 'b is no plain file'] });

describe('what is said of files of which something is declared', () => {
  it.each<readonly [string, World, readonly string[]]>([
    ['nothing where nobody looked', { data: undefined, rule: report }, []],
    ['nothing where it is not known yet', { data: { unknown: 'known after create' }, rule: report }, []],
    ['nothing where all is as declared', { data: looked({ differ: 0 }), rule: report }, []],
    ['nothing where the plan mends it', {}, []],
    ['nothing where it was asked to', { rule: report, options: fix }, []],
    ['what is not mended', { rule: report }, [`${warning}owner 0:0 instead of 1000:1000, ${differ} ${mend}`]],
    [
      'the fix of another place is none',
      { rule: report, options: { fix: ['volume x'] } },
      [`${warning}owner 0:0 instead of 1000:1000, ${differ} ${mend}`],
    ],
    [
      'the root has its owner',
      { rule: report, data: looked({ root: { uid: 1000, gid: 1000, mode: 0 } }) },
      [`${warning}${differ} ${mend}`],
    ],
    [
      'only its group is another',
      { rule: report, data: looked({ root: { uid: 1000, gid: 5, mode: 0 } }) },
      [`${warning}owner 1000:5 instead of 1000:1000, ${differ} ${mend}`],
    ],
    [
      'only its user is another',
      { rule: report, data: looked({ root: { uid: 5, gid: 1000, mode: 0 } }) },
      [`${warning}owner 5:1000 instead of 1000:1000, ${differ} ${mend}`],
    ],
    ['ids that nobody looked at are not compared', { rule: report, data: looked({ wanted: {} }) }, [`${warning}${differ} ${mend}`]],
    [
      'only a mode is declared',
      {
        rule: { ...report, owner: undefined, mode: '0700' } as unknown as Partial<DataRule>,
        data: looked({ root: { uid: 1000, gid: 1000, mode: 0o755 } }),
      },
      [`${warning}mode 0755, ${differ} ${mend}`],
    ],
    [
      'a folder has no key',
      { rule: { ...report, path: 'services.db.volumes.0.x-stack' } },
      [`${warning.replace(root, '')}owner 0:0 instead of 1000:1000, ${differ} (to mend it: on_drift: fix, or once: stackctl volume fix)`],
    ],
    [
      'a key in the middle of a path is none',
      { rule: { ...report, path: `x.${root}` } },
      [`${warning.replace(root, '')}owner 0:0 instead of 1000:1000, ${differ} (to mend it: on_drift: fix, or once: stackctl volume fix)`],
    ],
    [
      'nor before the end of one',
      { rule: { ...report, path: `${root}.y` } },
      [`${warning.replace(root, '')}owner 0:0 instead of 1000:1000, ${differ} (to mend it: on_drift: fix, or once: stackctl volume fix)`],
    ],
    ['somebody runs on with it', { selected: [db] }, [`${warning}owner 0:0 instead of 1000:1000, ${differ}${left}`]],
    ['it is of another stack', { owner: 'other' }, [`${warning}owner 0:0 instead of 1000:1000, ${differ}${someoneElses}`]],
    [
      'and a fix does not change that',
      { owner: 'other', options: fix },
      [`${warning}owner 0:0 instead of 1000:1000, ${differ}${someoneElses}`],
    ],
    ['unless it is declared to be', { owner: 'other', volume: { external: true } }, []],
    ['names that nobody has', { data: { wrong: 'no user db' } }, [`error unknown-owner @${root}: no user db (give the ids: "1000:1000")`]],
    [
      'a refusal of a fix that has nothing to do',
      { data: refused },
      ['a', 'b'].map((name) => `warning data-refused @${root}: volume shop_data: ${name} is no plain file`),
    ],
    [
      'a refusal where files are to be removed',
      { data: refused, rule: { ...report, removeBeforeStart: ['a'] } },
      ['a', 'b'].map((name) => `error data-refused @${root}: volume shop_data: ${name} is no plain file`),
    ],
  ])('%s', (_, one, texts) => {
    expect(said(one)).toEqual(texts);
  });

  it.each([
    [[`${root}.owner`, `${root}.mode`, root], `${root}.owner`],
    [[`${root}.mode`, root], `${root}.mode`],
  ])('points to the closest line: %j', (lines, at) => {
    expect(dataProblems(...world({ rule: report, lines }))[0]?.at?.file).toBe(at);
  });

  it('points to the owner that nobody has', () => {
    expect(dataProblems(...world({ data: { wrong: 'x' }, lines: [root, `${root}.owner`] }))[0]?.at?.file).toBe(`${root}.owner`);
  });
});

describe('the places that are not as declared', () => {
  it.each<readonly [SeenData | undefined, number]>([
    [looked(), 1],
    [looked({ differ: 0 }), 0],
    [{ wrong: 'x' }, 0],
    [undefined, 0],
  ])('%j', (data, count) => {
    const expected = count === 0 ? [] : [{ rule: rule(), seen: data }];
    expect(differingRules(...world({ data }))).toEqual(expected);
  });
});
