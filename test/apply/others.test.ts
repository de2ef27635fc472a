import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import type { Observed } from '../../src/model/observed.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, facts, idOf, image, network, observed, seen, seenNetwork, seenVolume, service, volume } from '../kit/builders.ts';
import type { MemoryEngine } from '../kit/memory-engine.ts';
import { outcomes, runPlan } from '../kit/runs.ts';
import { standing } from '../kit/standing.ts';

const web = service('web', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
const stack = desired({ services: [web], volumes: [volume('data')] });
const empty = observed({ networks: [] });

/** Somebody else does something right before the n-th call that changes something. */
const meddling = (at: number, act: (engine: MemoryEngine) => void) => ({
  meddle: (call: number, engine: MemoryEngine): void => void (call === at && act(engine)),
});

/** A machine that has changed since the plan was made. */
const changedTo = (machine: Parameters<typeof observed>[0]) => observed({ networks: [], ...machine });

describe('what was taken since the plan was made is left alone', () => {
  it.each<readonly [string, Observed, string]>([
    ['a network', changedTo({ networks: [seenNetwork('shop_default', { stack: 'blog' })] }), 'network.create shop_default: refused'],
    ['a volume', changedTo({ volumes: [seenVolume('shop_data', { stack: 'blog' })] }), 'volume.create shop_data: refused'],
    [
      'a name, by a container of the stack',
      changedTo({ containers: [seen(service('other'), { name: 'shop-web-1' })] }),
      'container.create shop-web-1: refused',
    ],
    [
      'a name, by a stranger',
      changedTo({ others: [{ id: idOf('x'), name: 'shop-web-1', running: true, ports: [] }] }),
      'container.create shop-web-1: refused',
    ],
  ])('%s', async (_name, now, refused) => {
    const ran = await runPlan(plan(stack, empty), now);
    expect(outcomes(ran)).toContain(refused);
    expect(standing(ran.engine.now())).toEqual(standing(now));
    expect(ran.engine.now().others).toEqual(now.others);
  });

  it('a container that was made again under its name is not stopped', async () => {
    const old = seen(web, { settings: { user: 'nobody' } });
    const made = plan(stack, observed({ containers: [old] }));
    const now = observed({ containers: [{ ...old, id: idOf('made again') }] });
    const ran = await runPlan(made, now);
    expect(outcomes(ran)).toContain('container.update shop-web-1 restart: refused');
    expect(ran.engine.calls.filter((call) => !call.includes('volume'))).toEqual([]);
  });
});

describe('somebody acts in the middle of a call', () => {
  it('and takes the volume: it is not removed on the way back', async () => {
    const ran = await runPlan(
      plan(stack, empty),
      empty,
      meddling(2, ({ machine }) => machine.volumes.set('shop_data', seenVolume('shop_data', { stack: 'blog' }))),
    );
    expect(ran.engine.calls[1]).toBe('create volume shop_data');
    expect(ran.engine.machine.volumes.get('shop_data')?.stack).toBe('blog');
    expect(ran.engine.calls).not.toContain('remove volume shop_data');
  });

  it('and takes the network: it is not removed on the way back', async () => {
    const theirs = seenNetwork('shop_default', { stack: 'blog' });
    const ran = await runPlan(
      plan(stack, empty),
      empty,
      meddling(1, ({ machine }) => machine.networks.set(theirs.id, theirs)),
    );
    expect([...ran.engine.machine.networks.values()]).toContainEqual(theirs);
  });

  it('and takes the name: their container is neither stopped nor removed', async () => {
    const theirs = { ...seen(service('other')), name: 'shop-web-1', id: idOf('theirs') };
    const at = plan(stack, empty).steps.findIndex(({ id }) => id === 'container.create shop-web-1') + 1;
    const ran = await runPlan(
      plan(stack, empty),
      empty,
      meddling(at, ({ machine }) => machine.containers.set(theirs.id, { seen: theirs, stack: 'shop', joins: {} })),
    );
    expect(ran.engine.calls[at - 1]).toBe('create shop-web-1');
    expect(ran.engine.machine.containers.get(theirs.id)?.seen).toEqual(theirs);
    expect(ran.result).toBe('not-fully-rolled-back');
  });

  it('and removes what was put aside: the rest still goes back, and what is gone is told', async () => {
    const old = seen(web, { settings: { user: 'nobody' } });
    const before = observed({ containers: [old], volumes: [seenVolume('shop_data')] });
    const ran = await runPlan(plan(stack, before), before, {
      behaves: () => ({ exits: 1 }),
      meddle: (_call, { machine, calls }) => void (calls.at(-1) === 'start shop-web-1' && machine.containers.delete(old.id)),
    });
    expect(ran.result).toBe('not-fully-rolled-back');
    expect(Object.keys(ran.engine.now().containers)).toEqual([]);
  });
});

describe('a journal that cannot be written', () => {
  const full = new Error('ENOSPC: no space left on device');
  const before = observed({ images: { 'redis:7': image('redis:7') }, networks: [] });
  const wanted = desired({ services: [service('one'), service('two'), service('three')], networks: [network('default'), network('back')] });
  const made = plan(wanted, before);
  const whole = runPlan(made, before).then(({ events }) => events.length);

  it('ends the run, and nothing is done that it does not know of, wherever it happens', async () => {
    for (let at = 1; at <= (await whole); at++) {
      const written: string[] = [];
      let told = 0;
      let calls: readonly string[] = [];
      const run = runPlan(made, before, {
        meddle: (_call, engine) => void (calls = engine.calls),
        on: (event) => {
          // Once only: it must not be tried again when there is room again
          if (++told === at) throw full;
          if (event.type === 'step-started' && definitionOf(event.step.action).gives !== 'ready') written.push(event.step.id);
        },
      });
      await expect(run, `event ${at}`).rejects.toThrow(full);
      expect(calls.length, `event ${at}: ${calls.join(', ')}`).toBeLessThanOrEqual(written.length);
    }
  });
});

it('has the facts of the engine in its plan, so that it is not applied to another one', () => {
  expect(plan(stack, empty).engine).toBe(facts.id);
});
