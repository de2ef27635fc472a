import { describe, expect, it } from 'vitest';
import type { SeenContainer } from '../../src/model/observed.ts';
import { desired, observed, seen, service, state } from '../kit/builders.ts';
import { memoryEngine, type MemoryEngine, type MemoryOptions } from '../kit/memory-engine.ts';
import { never } from '../kit/runs.ts';
import { watching, type Stage, type Watching } from './memory-watch.ts';

const web = service('web');
const wanted = desired({ services: [web] });
const container = seen(web);
const { id } = container;

const stageOf = (more: Partial<Stage> = {}): Stage => ({ desired: wanted, left: [], isHeld: false, nowMs: 0, ...more });
const machine = (standing: readonly SeenContainer[] = [container], options: MemoryOptions = {}): MemoryEngine =>
  memoryEngine(observed({ containers: standing }), options);

/** The program ends by itself. */
const crash = (engine: MemoryEngine): void =>
  engine.change(Object.values(engine.now().containers)[0]!.id, { status: 'exited', exitCode: 1 });
const remove = async (engine: MemoryEngine): Promise<void> => {
  crash(engine);
  await engine.removeContainer(id, never);
};
const left = [{ service: 'web', number: 1, edited: [] }];

async function ended(watch: Watching): Promise<readonly string[]> {
  watch.end();
  expect(await watch.ended).toBe('ended');
  return watch.lines;
}

describe('a watch that reports', () => {
  it('tells of drift when it comes and when it has gone, by events alone', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf());
    await watch.told('watching');
    await engine.stopContainer(id, never);
    await watch.told('drift  ');
    await engine.startContainer(id, never);
    await watch.told('in order');
    expect(await ended(watch)).toEqual([
      'watching, to report: 0 resources drifted',
      'drift  container shop-web-1: it is stopped, exit code 143',
      'in order  container shop-web-1',
    ]);
  });

  it('changes nothing, and looks once for a burst of events', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf(), { burst: { quietMs: 30, mostMs: 300 } });
    await watch.told('watching');
    const { reads } = engine;
    await engine.renameContainer(id, 'odd', never);
    await engine.updateContainer(id, { restart: 'no' }, never);
    await watch.told('drift  ');
    expect(engine.reads).toBe(reads + 1);
    expect(await ended(watch)).toEqual([
      'watching, to report: 0 resources drifted',
      'drift  container shop-web-1: it was changed outside the file (container_name, restart)',
    ]);
  });

  it('looks now and then without an event', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf(), { intervalMs: 5 });
    await watch.told('watching');
    engine.machine.containers.get(id)!.seen = { ...container, state: state('exited') };
    await watch.told('drift  ');
    await ended(watch);
  });

  it('says nothing while somebody else applies', async () => {
    const [engine, stage] = [machine(), stageOf({ isHeld: true })];
    const watch = watching(engine, stage, { intervalMs: 5 });
    await engine.stopContainer(id, never);
    await watch.looked();
    expect(watch.lines).toEqual([]);
    stage.isHeld = false;
    await watch.told('drift  ');
    await ended(watch);
  });

  it('says once that the engine has gone and once that it is back, and looks again', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf());
    await watch.told('watching');
    const { facts, stackEvents } = engine;
    const gone = (): Promise<never> => engine.startContainer('f'.repeat(64), never).then(() => never as never);
    Object.assign(engine, { facts: gone, stackEvents: gone });
    engine.events.breakOff();
    await watch.told('cannot look');
    engine.machine.containers.get(id)!.seen = { ...container, state: state('exited') };
    Object.assign(engine, { facts, stackEvents });
    await watch.told('drift  ');
    const lines = await ended(watch);
    expect(lines.map((line) => line.split(/ {2}|:|, /)[0])).toEqual(['watching', 'cannot look', 'can look again', 'drift']);
  });
});

describe('a watch that heals', () => {
  const heal = { policy: 'heal' } as const;

  it('brings back a container that was removed', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf({ left }), heal);
    await watch.told('watching');
    await remove(engine);
    await watch.told('in order');
    expect((await ended(watch)).slice(1)).toEqual([
      expect.stringMatching(/^drift {2}container shop-web-1/),
      'healing  container shop-web-1',
      'healed  container shop-web-1',
      'in order  container shop-web-1',
    ]);
    expect(engine.now().containers['shop-web-1']?.state.status).toBe('running');
  });

  it.each([
    ['stopped', (engine: MemoryEngine) => engine.stopContainer(id, never), 'somebody stopped it'],
    ['paused', (engine: MemoryEngine) => engine.pauseContainer(id, never), 'somebody paused it'],
  ])('leaves alone what somebody %s', async (_how, disturb, why) => {
    const engine = machine();
    const watch = watching(engine, stageOf(), heal);
    await watch.told('watching');
    await disturb(engine);
    await watch.told(`left alone: ${why}`);
    await ended(watch);
    expect(watch.heals).toBe(0);
  });

  it('leaves alone what did not run when it began', async () => {
    const watch = watching(machine([seen(web, { state: state('exited') })]), stageOf(), heal);
    await watch.told('left alone: it did not run when the watch began');
    await ended(watch);
    expect(watch.heals).toBe(0);
  });

  it('starts what ran before the engine was gone', async () => {
    const engine = machine();
    const watch = watching(engine, stageOf(), heal);
    await watch.told('watching');
    engine.machine.containers.get(id)!.seen = { ...container, state: state('exited') };
    engine.events.breakOff();
    await watch.told('healed');
    await ended(watch);
  });

  it('never applies what the file alone changed', async () => {
    const changed = seen(web, { settings: { restart: 'no' }, edited: ['restart'] });
    const engine = machine([changed]);
    const watch = watching(engine, stageOf(), heal);
    await watch.told('watching, to heal: 0 resources drifted; 1 change that nobody has applied');
    crash(engine);
    await watch.told('left alone: what is declared has changed as well');
    await ended(watch);
    expect(engine.calls).toEqual([]);
  });

  it('heals one and leaves the other, with which it has nothing to do', async () => {
    const db = service('db');
    const engine = machine([container, seen(db, { state: state('exited') })]);
    const watch = watching(engine, stageOf({ desired: desired({ services: [web, db] }) }), heal);
    await watch.told('shop-db-1: it is stopped, exit code 0; left alone');
    engine.change(id, { status: 'exited', exitCode: 1 });
    await watch.told('healed  container shop-web-1');
    await ended(watch);
    expect(engine.calls).toEqual(['start shop-web-1']);
  });

  it('gives up loudly on what does not hold', async () => {
    const once = service('web', { settings: { restart: 'no', ports: [{ target: 1, protocol: 'tcp', host_ip: '', published: '1' }] } });
    const engine = machine([seen(once)], { behaves: () => ({ exits: 1 }) });
    const watch = watching(engine, stageOf({ desired: desired({ services: [once] }) }), heal);
    await watch.told('watching');
    crash(engine);
    expect(await watch.ended).toBe('gave-up');
    expect(watch.heals).toBe(3);
    expect(watch.lines.at(-1)).toMatch(/^gave up on container shop-web-1: 3 heals in a row did not hold/);
  });

  it('waits for somebody else’s apply, and says nothing', async () => {
    const [engine, stage] = [machine(), stageOf({ left })];
    const watch = watching(engine, stage, { ...heal, intervalMs: 5 });
    await watch.told('watching');
    stage.isHeld = true;
    await remove(engine);
    await watch.looked();
    expect(watch.lines).toHaveLength(1);
    stage.isHeld = false;
    await watch.told('healed');
    await ended(watch);
  });
});
