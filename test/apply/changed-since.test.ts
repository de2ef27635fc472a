import { describe, expect, it } from 'vitest';
import { changedSince } from '../../src/apply/changed-since.ts';
import { lateFailure } from '../../src/apply/late-failure.ts';
import type { Ran } from '../../src/apply/run-step.ts';
import { rememberingSight } from '../../src/apply/sight.ts';
import { keptVolumes, lostBy, restoredNetworks, undoSteps } from '../../src/apply/undo-steps.ts';
import type { ContainerState, Observed } from '../../src/model/observed.ts';
import { plan } from '../../src/plan/plan.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, observed, seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { contextOn, never } from '../kit/runs.ts';

const web = service('web');
const before = observed({ containers: [seen(web)], volumes: [seenVolume('shop_data')] });

describe('what is not as it was before', () => {
  const said = (now: Observed, { kept = [], restored = [] }: { kept?: string[]; restored?: string[] } = {}, first = before) =>
    changedSince(first, { kept, restored }, { look: async () => now, abandon: never });
  const at = (more: Parameters<typeof seen>[1]) => observed({ containers: [seen(web, more)], volumes: [seenVolume('shop_data')] });

  it.each<[string, Observed, readonly string[]]>([
    ['nothing', before, []],
    ['a container that is new', { ...before, containers: { ...before.containers, x: seen(web) } }, ['container x was not there before']],
    ['one that is gone', { ...before, containers: {} }, ['container shop-web-1 is gone']],
    [
      'another one of that name',
      at({ id: 'f00dfeedf00dfeed' }),
      [`container shop-web-1 is another one (f00dfeedf00d, was ${seen(web).id.slice(0, 12)})`],
    ],
    ['one that is stopped', at({ state: state('exited') }), ['container shop-web-1 is stopped, was running']],
    ['one that is paused', at({ state: state('paused') }), ['container shop-web-1 is paused, was running']],
    ['one that starts again and again', at({ state: state('restarting') }), []],
    ['other settings', at({ settings: { user: 'nobody' } }), ['container shop-web-1 has other settings']],
    ['a network that is gone', { ...before, networks: {} }, ['network shop_default is gone']],
    ['another one of that name', { ...before, networks: { shop_default: seenNetwork('x') } }, ['network shop_default is another one']],
    ['a volume that is new', { ...before, volumes: { ...before.volumes, y: seenVolume('y') } }, ['volume y was not there before']],
    ['a volume that is gone', { ...before, volumes: {} }, ['volume shop_data is gone']],
  ])('%s', async (_what, now, lines) => expect(await said(now)).toEqual(lines));

  it('is the owner of a volume, and a file that was to be removed, where something is declared of them', async () => {
    const looked = { wanted: {}, looked: 1, isWhole: true, differ: 0, sample: [], refused: [] };
    const data = (uid: number, files: { readonly [name: string]: number }) => ({
      ...before,
      data: { 'volume shop_data': { ...looked, root: { uid, gid: 0, mode: 0o755 }, files } },
    });
    const first = data(0, { 'state.json': 3 });
    expect(await said(data(1, {}), {}, first)).toEqual([
      'volume shop_data has another owner or mode',
      'file state.json of volume shop_data is gone',
    ]);
    expect(await said(first, {}, first)).toEqual([]);
    expect(await said(before, {}, first)).toEqual([]);
  });

  it('is a container that was stopped and runs, however it was stopped', async () => {
    for (const status of ['created', 'exited', 'dead'] as const) {
      const first = at({ state: state(status) });
      expect(await said(before, {}, first)).toEqual(['container shop-web-1 is running, was stopped']);
      expect(await said(at({ state: state('exited') }), {}, first)).toEqual([]);
    }
  });

  it('is a new volume that stays for what may be in it, told with how to be rid of it', async () => {
    const now = { ...before, volumes: { ...before.volumes, new: seenVolume('new') } };
    expect(await said(now, { kept: ['new', 'never-made'] })).toEqual([
      'volume new is new and stays: a container used it and may have written data to it; without it: docker volume rm new',
    ]);
  });

  it('is not the id of a network that was made again, but what else it is', async () => {
    const labels = { mine: '1', 'io.stackctl.run': 'a', 'com.docker.compose.version': '2' };
    const first = observed({ networks: [seenNetwork('shop_default', { labels })], containers: [seen(web)] });
    const again = (more: object, aliases = ['web']): Observed => {
      const made = seenNetwork('shop_default', {
        id: 'again',
        run: 'run-1',
        labels: { ...labels, 'io.stackctl.run': 'b', 'com.docker.compose.version': '3' },
        ...more,
      });
      return observed({
        networks: [made],
        containers: [seen(web, { settings: { networks: { shop_default: { aliases, id: 'again' } } } })],
      });
    };
    expect(await said(again({}), { restored: ['shop_default'] }, first)).toEqual([]);
    expect(await said(again({}), { restored: ['other'] }, first)).toHaveLength(2);
    expect(await said(again({ internal: true }), { restored: ['shop_default'] }, first)).toEqual(['network shop_default is another one']);
    expect(await said(again({ labels: { mine: '2' } }), { restored: ['shop_default'] }, first)).toEqual([
      'network shop_default is another one',
    ]);
    expect(await said(again({}, ['other']), { restored: ['shop_default'] }, first)).toEqual(['container shop-web-1 has other settings']);
    const alone = observed({
      networks: [seenNetwork('shop_default', { labels })],
      containers: [seen(service('web', { settings: { network_mode: 'host' } }))],
    });
    expect(await said(alone, { restored: ['shop_default'] }, alone)).toEqual([]);
  });

  it('cannot be told where the engine does not answer', async () => {
    const look = () => Promise.reject(new EngineError('unreachable', 'No engine is running there'));
    expect(await changedSince(before, { kept: [], restored: [] }, { look, abandon: never })).toEqual([
      'the engine could not be asked how it stands now: No engine is running there',
    ]);
  });
});

describe('the last look before there is no way back', () => {
  const first = service('web', { update: { ...web.update, order: 'start-first' } });
  const replaced = observed({ containers: [seen(first, { settings: { user: 'nobody' } })] });
  const made = plan(desired({ services: [first] }), replaced);
  const gate = made.steps.find(({ id }) => id.startsWith('service.await'))!;
  const rename = made.steps.filter(({ id }) => id.startsWith('container.rename')).at(-1)!;
  const was = seen(first, { name: 'shop-web-1.next', state: state('running', { restartCount: 2 }) });
  const passed: Ran = { step: gate, undo: 'not-needed', outcome: { status: 'done' }, begun: true, passed: was };
  const renamed: Ran = { step: rename, undo: 'not-needed', outcome: { status: 'done' }, begun: true };

  const look = (
    now: ContainerState | undefined,
    { ran = [passed, renamed], log = ['it broke'] }: { ran?: Ran[]; log?: string[] | Error } = {},
  ) => {
    const engine = {
      ...memoryEngine(replaced),
      states: async () => (now ? { [was.id]: now } : {}),
      logs: async () => {
        if (log instanceof Error) throw log;
        return log;
      },
    };
    const context = contextOn(memoryEngine(replaced), replaced);
    return lateFailure(ran, { ...context, engine, sight: rememberingSight(engine, replaced) });
  };
  const why = async (...args: Parameters<typeof look>): Promise<string | undefined> => (await look(...args))?.why;
  const fell = 'web: shop-web-1 passed its gate and fell over afterwards';
  const same = { restartCount: 2 };

  it.each<[string, ContainerState | undefined, string | undefined]>([
    ['runs as it did', state('running', same), undefined],
    ['runs and is healthy', state('running', { ...same, health: 'healthy' }), undefined],
    ['is gone', undefined, `${fell}: it is gone`],
    ['was restarted', state('running', { restartCount: 3 }), `${fell}: it was restarted; the last line of its log: it broke`],
    [
      'is unhealthy',
      state('running', { ...same, health: 'unhealthy' }),
      `${fell}: its health check fails; the last line of its log: it broke`,
    ],
    ['ended well: it had only that to do', state('exited', { ...same, exitCode: 0 }), undefined],
    ['ended badly', state('exited', { ...same, exitCode: 3 }), `${fell}: it exited with code 3; the last line of its log: it broke`],
    [
      'was killed for its memory',
      state('exited', { ...same, exitCode: 137, oomKilled: true }),
      `${fell}: it was killed because it ran out of memory; the last line of its log: it broke`,
    ],
    ['is paused by somebody', state('paused', same), `${fell}: somebody has paused it; the last line of its log: it broke`],
  ])('what %s', async (_what, now, expected) => expect(await why(now)).toBe(expected));

  it('says what it can where there is no log, or nobody who gives it', async () => {
    for (const log of [[], new EngineError('timeout', 'No answer')])
      expect(await why(state('exited', { ...same, exitCode: 3 }), { log })).toBe(`${fell}: it exited with code 3`);
  });

  it('decides by the step of the gate what becomes of the plan', async () => {
    const lenient = { ...passed, step: { ...gate, onFailure: 'continue' as const, service: 'web' } };
    expect(await look(undefined, { ran: [lenient] })).toEqual({
      why: 'web: shop-web-1.next passed its gate and fell over afterwards: it is gone',
      onFailure: 'continue',
    });
    const { service: _service, ...nobodys } = gate;
    expect(await why(undefined, { ran: [{ ...passed, step: nobodys }] })).toBe(
      'shop-web-1.next passed its gate and fell over afterwards: it is gone',
    );
  });

  it('calls it by the name that it has by then, if it has got it', async () => {
    const failed: Ran = { ...renamed, outcome: { status: 'failed', why: 'no' } };
    expect(await why(undefined, { ran: [renamed, passed] })).toMatch(/^web: shop-web-1\.next passed/);
    expect(await why(undefined, { ran: [passed, failed] })).toMatch(/^web: shop-web-1\.next passed/);
  });

  it('is not taken of gates that did not pass, and must see all that did', async () => {
    const { passed: _passed, ...unseen } = passed;
    expect(await look(undefined, { ran: [{ ...passed, outcome: { status: 'unchanged', why: 'x' } }, renamed] })).toBeUndefined();
    expect(await look(state('running', same), { ran: [passed, unseen] })).toEqual({
      why: 'the engine could not be asked for the last look',
      onFailure: 'rollback',
    });
  });
});

describe('the way back of what was done', () => {
  const keeper = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
  const empty = observed({ networks: [] });
  const made = plan(desired({ services: [keeper, service('web')], volumes: [volume('data')] }), empty);
  const undo = { kind: 'x.undo', args: {} };
  const ranAll = (except: readonly string[] = []): Ran[] =>
    made.steps
      .filter(({ id }) => !except.some((each) => id.startsWith(each)))
      .map((step) => ({ step, undo, outcome: { status: 'done' }, begun: true }));

  it('is each step in reverse, after those that had waited for it, near and far', () => {
    const back = undoSteps(ranAll(), [], 'because');
    expect(back.map(({ id }) => id)).toEqual(made.steps.map(({ id }) => `undo ${id}`).toReversed());
    const of = (id: string) => back.find((each) => each.id === `undo ${id}`)!;
    expect(of('container.create shop-db-1')).toMatchObject({
      stage: 'build',
      action: undo,
      because: 'because',
      service: 'db',
      onFailure: 'continue',
    });
    expect(of('container.create shop-db-1').after.toSorted()).toEqual(['undo container.start shop-db-1', 'undo service.await shop-db-1']);
    expect(of('volume.create shop_data')).not.toHaveProperty('service');
    expect(of('volume.create shop_data').after).toContain('undo service.await shop-db-1');
    expect(of('service.await shop-web-1').after).toEqual([]);
  });

  it('is nothing of what needs none, cannot be undone, or stays', () => {
    const ran = ranAll();
    const mixed = ran.map((each, i): Ran =>
      i === 0 ? { ...each, undo: 'not-needed' } : i === 1 ? { ...each, undo: { lost: 'its memory' } } : each,
    );
    expect(undoSteps(mixed, [], 'x')).toHaveLength(ran.length - 2);
    expect([lostBy(mixed), lostBy(ran)]).toEqual([['its memory'], []]);
    expect(undoSteps(ran, ['shop_data'], 'x').map(({ id }) => id)).not.toContain('undo volume.create shop_data');
    expect(undoSteps(ran, ['other'], 'x')).toHaveLength(ran.length);
  });

  it('stops before a volume of this run that a program could write to', () => {
    const refused = (kind: string): Ran[] =>
      ranAll().map((each) => (each.step.id.startsWith(kind) ? { ...each, outcome: { status: 'refused', why: 'x' } } : each));
    expect(keptVolumes(ranAll())).toEqual(['shop_data']);
    expect(keptVolumes(ranAll(['container.start shop-db']))).toEqual([]);
    expect(keptVolumes(refused('container.start shop-db'))).toEqual([]);
    expect(keptVolumes(refused('volume.create'))).toEqual([]);
    expect(keptVolumes(ranAll(['volume.create']))).toEqual([]);
  });

  it('knows the networks that have to be made again', () => {
    const world = observed({ networks: [seenNetwork('shop_default'), seenNetwork('shop_old')], containers: [seen(web)] });
    const [remove] = plan(desired({ services: [web] }), world).steps;
    const ran: Ran = { step: remove!, undo: 'not-needed', outcome: { status: 'done' }, begun: true };
    expect([restoredNetworks([ran]), restoredNetworks([{ ...ran, begun: false }]), restoredNetworks(ranAll())]).toEqual([
      ['shop_old'],
      [],
      [],
    ]);
  });
});
