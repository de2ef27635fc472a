import { describe, expect, it } from 'vitest';
import { plainOptions } from '../../src/plan/options.ts';
import { plan as makePlan } from '../../src/plan/plan.ts';
import { planBackup } from '../../src/plan/plan-backup.ts';
import type { BackupPolicy } from '../../src/model/backup-policy.ts';
import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Mount } from '../../src/model/settings.ts';
import { get } from '../../src/lib/record.ts';
import { desired, observed, seen, service } from '../kit/builders.ts';
import { runPlan } from '../kit/runs.ts';

const volume = { name: 'shop_data', key: 'data', external: false, driverOptions: {}, labels: {} };
const there = { name: 'shop_data', driver: 'local', driverOptions: {}, labels: {}, stack: 'shop' };
const data = (read_only: boolean): Mount => ({ type: 'volume', source: 'shop_data', target: '/data', read_only });

const wanted = (services: readonly ServiceSpec[], backup: BackupPolicy): Desired => ({
  ...desired({ services }),
  volumes: { data: { ...volume, backup } },
});

const db = service('db', { settings: { volumes: [data(false)] } });
const web = service('web', { settings: { volumes: [data(true)] } });
const sidecar = service('sidecar', { settings: { network_mode: 'service:db' } });
const all = [db, web, sidecar];
const machine = observed({ containers: all.map((each) => seen(each)), volumes: [there] });

const asked = (policy: BackupPolicy, strangers: readonly string[] = []) =>
  planBackup(
    { desired: wanted(all, policy), observed: machine, options: plainOptions },
    { volumes: ['shop_data'], strangers: { shop_data: strangers } },
  );
const idsOf = ({ steps }: { readonly steps: readonly { readonly id: string }[] }): string[] => steps.map(({ id }) => id);

describe('a backup that was asked for', () => {
  it('stops who writes and who shares the network with it, copies, and starts them again', () => {
    const ids = idsOf(asked({ before: [], quiesce: 'stop', keep: 3 }));
    const at = (id: string): number => ids.findIndex((each) => each === id);
    expect(ids.filter((id) => /web/.test(id))).toEqual([]);
    const order = [
      'volume.room shop_data',
      'container.stop shop-sidecar-1',
      'container.stop shop-db-1',
      'volume.backup shop_data',
      'container.start shop-db-1',
      'container.start shop-sidecar-1',
      'volume.keep shop_data',
    ];
    expect(order.map(at)).toEqual(order.map(at).toSorted((one, other) => one - other));
    expect(order.map(at)).not.toContain(-1);
  });

  it('pauses them where that is declared, and touches nobody where they are to go on', () => {
    expect(idsOf(asked({ before: [], quiesce: 'pause' })).filter((id) => id.startsWith('container.'))).toEqual([
      'container.pause shop-db-1',
      'container.unpause shop-db-1',
    ]);
    expect(idsOf(asked({ before: [], quiesce: 'none' })).filter((id) => id.startsWith('container.'))).toEqual([]);
  });

  it('names whom it cannot stop, and what is not there', () => {
    expect(asked({ before: [], quiesce: 'stop' }, ['backup-tool']).problems).toMatchObject([{ code: 'volume-in-use' }]);
    expect(asked({ before: [], quiesce: 'none' }, ['backup-tool']).problems).toEqual([]);
    const nowhere = planBackup(
      { desired: wanted([], { before: [], quiesce: 'stop' }), observed: observed(), options: plainOptions },
      { volumes: ['shop_data'], strangers: {} },
    );
    expect(nowhere).toMatchObject({ steps: [], problems: [{ code: 'no-volume' }] });
  });

  it('ends with everybody as before', async () => {
    const { result, engine } = await runPlan(asked({ before: [], quiesce: 'stop' }), machine);
    expect(result).toBe('applied');
    const states = Object.values(engine.now().containers).map(({ id, state }) => [id, state.status]);
    expect(states).toEqual(Object.values(machine.containers).map(({ id, state }) => [id, state.status]));
  });
});

describe('a plan that replaces who uses a volume', () => {
  const next = service('db', { settings: { image: 'db:2', volumes: [data(false)] } });
  const plan = (policy: BackupPolicy) => makePlan(wanted([next, web, sidecar], policy), machine, plainOptions);

  it('copies it once its users have let go, and before any comes up', () => {
    const { steps } = plan({ before: ['replace'], quiesce: 'stop' });
    const copy = steps.find(({ id }) => id === 'volume.backup shop_data');
    const ids = steps.map(({ id }) => id);
    expect(copy).toBeDefined();
    expect(ids.indexOf('container.stop shop-db-1')).toBeLessThan(ids.indexOf('volume.backup shop_data'));
    expect(get(Object.fromEntries(steps.map((step) => [step.id, step])), 'container.create shop-db-1')?.after).toContain(
      'volume.backup shop_data',
    );
  });

  it('copies nothing where that is not declared', () => {
    expect(idsOf(plan({ before: ['remove'], quiesce: 'stop' }))).not.toContain('volume.backup shop_data');
  });
});
