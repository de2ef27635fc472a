import { describe, expect, it } from 'vitest';
import { plainOptions } from '../../src/plan/options.ts';
import { plan as makePlan } from '../../src/plan/plan.ts';
import { planBackup } from '../../src/plan/plan-backup.ts';
import type { BackupPolicy } from '../../src/model/backup-policy.ts';
import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { ContainerState } from '../../src/model/observed.ts';
import type { Mount } from '../../src/model/settings.ts';
import { get } from '../../src/lib/record.ts';
import { desired, observed, seen, service, state } from '../kit/builders.ts';
import { runPlan } from '../kit/runs.ts';
import { problemsOf, whole } from './backup-kit.ts';

const volume = { name: 'shop_data', key: 'data', external: false, driverOptions: {}, labels: {} };
const logs = { ...volume, name: 'shop_logs', key: 'logs', backup: { before: [], quiesce: 'none' } } as const;
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

  it('is shown with all of this', () => {
    expect(whole(asked({ before: [], quiesce: 'stop' }))).toMatchInlineSnapshot(`
      "  = volume "shop_data" will be backed up (because a backup was asked for)
          (volume, data)
        # container shop-db-1 will be updated in place (because it uses what is copied)
        ~ container "shop-db-1" (service db) {
            + volume shop_data = "it is copied while the container is stopped"  # stops the container meanwhile
          }
          stops shop-db-1 (up to 10 s to end), until it is ready again
          (container, data; volume shop_data: data, standstill)
        # container shop-sidecar-1 will be updated in place (because it uses what is copied)
        ~ container "shop-sidecar-1" (service sidecar) {
            + network_mode = "service db stops meanwhile"  # stops the container meanwhile
          }
          stops shop-sidecar-1 (up to 10 s to end), until it is ready again
          (container, data; network_mode: data, standstill)


      image.pull stackctl/helper:1 {image:stackctl/helper:1,timeoutMs:600000}
      volume.room shop_data {volumes:[{volume:shop_data,image:stackctl/helper:1}]} < image.pull stackctl/helper:1
      container.stop shop-sidecar-1 < image.pull stackctl/helper:1, volume.room shop_data
      container.stop shop-db-1 < image.pull stackctl/helper:1, volume.room shop_data, container.stop shop-sidecar-1
      volume.backup shop_data {volume:shop_data,image:stackctl/helper:1,stack:shop,quiet:stopped,users:[{name:shop-db-1,id:43842d}],images:{nginx:1:{id:sha256:ea996a,digests:[]}}} < image.pull stackctl/helper:1, volume.room shop_data, container.stop shop-db-1
      container.start shop-db-1 < container.stop shop-db-1, volume.backup shop_data
      service.await shop-db-1 < container.start shop-db-1
      container.start shop-sidecar-1 < container.stop shop-sidecar-1, service.await shop-db-1
      service.await shop-sidecar-1 < container.start shop-sidecar-1"
    `);
  });

  it('says who is in its way, wherever else volumes are declared', () => {
    const orphan = seen(service('old', { settings: { volumes: [data(false)] } }));
    const said = (more: BackupPolicy | undefined, status: ContainerState['status'] = 'running') =>
      problemsOf(
        planBackup(
          {
            desired: {
              ...wanted(all, { before: [], quiesce: 'stop' }),
              volumes: { data: { ...volume, ...(more && { backup: more }) }, logs },
            },
            observed: { ...machine, containers: { ...machine.containers, [orphan.name]: { ...orphan, state: state(status) } } },
            options: plainOptions,
          },
          { volumes: ['shop_data', 'shop_old'], strangers: { shop_data: ['x'] } },
        ),
      );
    const inUse = (name: string) =>
      `error volume-in-use: volume shop_data is also used by container ${name}, which this stack does not declare, and which could write to it meanwhile (stop it, or say under x-stack.backup of the volume that everybody may go on (quiesce: none))`;
    const notThere = 'error no-volume: volume shop_old is not there yet, so there is nothing to back up ()';
    expect(asked({ before: [], quiesce: 'stop' }, ['x']).steps).toEqual([]);
    expect(said(undefined)).toEqual([inUse('shop-old-1'), inUse('x'), notThere]);
    expect(said({ before: [], quiesce: 'pause' }, 'paused')).toEqual([inUse('x'), notThere]);
    expect(said({ before: [], quiesce: 'none' })).toEqual([notThere]);
  });

  it('is of each volume as it declares it, and as usual where it declares nothing', () => {
    const volumes = ['shop_logs', 'shop_old'];
    const policy = { before: [], quiesce: 'stop', keep: 1 } as const;
    const sides = {
      desired: {
        ...wanted([], policy),
        volumes: { data: { ...volume, backup: policy }, logs: { ...logs, backup: { ...policy, keep: 2 } } },
      },
      observed: observed({ volumes: volumes.map((name) => ({ ...there, name })) }),
      options: plainOptions,
    };
    expect(idsOf(planBackup(sides, { volumes, strangers: {} })).slice(1)).toEqual([
      'volume.room shop_logs, shop_old',
      'volume.backup shop_logs',
      'volume.backup shop_old',
      'volume.keep shop_logs',
    ]);
  });

  it('touches nobody who is paused already', () => {
    const containers = [seen(db, { state: state('paused') })];
    const policy = { before: [], quiesce: 'pause' } as const;
    const sides = { desired: wanted([db], policy), observed: observed({ containers, volumes: [there] }), options: plainOptions };
    const made = planBackup(sides, { volumes: ['shop_data'], strangers: {} });
    expect(made.changes.map(({ name }) => name)).toEqual(['shop_data']);
  });

  it('lets those stand that stood: nobody who shares with who stops is started for it', () => {
    const one = (db_: ContainerState['status'], sidecar_: ContainerState['status']): string[] => {
      const containers = [seen(db, { state: state(db_) }), seen(sidecar, { state: state(sidecar_) })];
      const there_ = { desired: wanted(all, { before: [], quiesce: 'stop' }), observed: observed({ containers, volumes: [there] }) };
      const made = planBackup({ ...there_, options: plainOptions }, { volumes: ['shop_data'], strangers: {} });
      return idsOf(made).filter((id) => /container.(stop|start)/.test(id));
    };
    const [stopDb, startDb] = ['container.stop shop-db-1', 'container.start shop-db-1'];
    expect(one('running', 'exited')).toEqual([stopDb, startDb]);
    expect(one('running', 'restarting')).toEqual(['container.stop shop-sidecar-1', stopDb, startDb, 'container.start shop-sidecar-1']);
    expect(one('exited', 'running')).toEqual([]);
  });

  it('waits for nobody who was not ready before: just what does not work must be possible to copy', () => {
    const vault = service('vault');
    const needy = { ...db, dependsOn: [{ service: 'vault', condition: 'service_healthy', restart: false, required: true }] } as const;
    const sick = { ...state('running'), health: 'unhealthy' } as const;
    const containers = [seen(vault, { state: sick }), seen(needy, { state: sick }), seen(sidecar)];
    const sides = {
      desired: wanted([vault, needy, sidecar], { before: [], quiesce: 'stop' }),
      observed: observed({ containers, volumes: [there] }),
      options: plainOptions,
    };
    const made = planBackup(sides, { volumes: ['shop_data'], strangers: {} });
    expect(idsOf(made).filter((id) => /^(service|container)\./.test(id))).toEqual([
      'container.stop shop-sidecar-1',
      'container.stop shop-db-1',
      'container.start shop-db-1',
      'container.start shop-sidecar-1',
      'service.await shop-sidecar-1',
    ]);
    expect(made.changes.map(({ interrupts }) => interrupts)).toEqual([
      undefined,
      'stops shop-db-1 (up to 10 s to end); it is not ready now, and is not waited for',
      'stops shop-sidecar-1 (up to 10 s to end), until it is ready again',
    ]);
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
