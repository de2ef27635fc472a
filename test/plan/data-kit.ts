import type { ServiceSpec } from '../../src/model/desired.ts';
import type { DataRule } from '../../src/model/data-rule.ts';
import type { LookedData, SeenData } from '../../src/model/seen-data.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { changeText } from '../../src/render/change-text.ts';
import { plainStyle } from '../../src/render/style.ts';
import { desired, image, needs, observed, seen, seenNetwork, seenVolume, service, volume } from '../kit/builders.ts';

const helper = { 'stackctl/helper:1': image('stackctl/helper:1'), 'nginx:1': image('nginx:1') };
const mounts = { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/d', read_only: false }] } } as const;
export const [db, web] = [service('db', mounts), service('web', { ...mounts, dependsOn: [needs('db', 'service_started')] })];

export const rule = (more: Partial<DataRule> = {}): DataRule => ({
  place: { kind: 'volume', name: 'shop_data' },
  path: 'volumes.data.x-stack',
  owner: { by: 'ids', uid: 1000, gid: 1000 },
  onDrift: 'fix',
  removeBeforeStart: [],
  ...more,
});

export const looked = (more: Partial<LookedData> = {}): LookedData => ({
  wanted: { uid: 1000, gid: 1000 },
  root: { uid: 0, gid: 0, mode: 0o755 },
  looked: 413,
  isWhole: true,
  differ: 412,
  sample: ['storage', 'storage/wal'],
  files: {},
  refused: [],
  ...more,
});

export interface Case {
  readonly rule?: Partial<DataRule>;
  /** false: nothing is said of an owner. */
  readonly isOwned?: boolean;
  readonly data?: SeenData;
  readonly machine?: Parameters<typeof observed>[0];
  readonly services?: readonly ServiceSpec[];
  readonly options?: Partial<PlanOptions>;
}

export function made({ rule: rules = {}, isOwned = true, data = looked(), machine = {}, services = [db, web], options = {} }: Case) {
  const { owner, ...others } = rule(rules);
  const wanted = desired({ services, volumes: [volume('data')], dataRules: [{ ...others, ...(isOwned && owner && { owner }) }] });
  const world = observed({
    images: helper,
    networks: [seenNetwork('shop_default')],
    volumes: [seenVolume('shop_data')],
    containers: services.map((each) => seen(each)),
    data: { 'volume shop_data': data },
    ...machine,
  });
  return { ...plan(wanted, world, { ...plainOptions, ...options }), wanted, world };
}

export const steps = (one: Case): string[] =>
  made(one).steps.map(({ id, after }) => `${id}${after.length > 0 ? ` < ${after.join(', ')}` : ''}`);
export const text = (one: Case): string =>
  made(one)
    .changes.map((change) => changeText(change, plainStyle))
    .join('');
export const problems = (one: Case): string[] =>
  made(one).problems.map(({ severity, message, hint = '' }) => `${severity}: ${message} (${hint})`);
