import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDown } from '../../src/plan/plan-down.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { desired, needs, observed, seen, seenNetwork, seenVolume, service, state } from '../kit/builders.ts';
import { endOf, outcomes, runPlan } from '../kit/runs.ts';
import { simulateAll } from '../kit/simulated.ts';
import { runs, seed, worlds } from '../kit/worlds.ts';

const db = service('db');
const web = service('web', { dependsOn: [needs('db')] });
const stack = desired({ services: [db, web] });
const machine = observed({ containers: [seen(db, { state: state('paused') }), seen(web)], volumes: [seenVolume('shop_data')] });

it('takes away dependants before what they stand on, then the networks; volumes stay', () => {
  expect(stepsText(planDown(stack, machine))).toMatchInlineSnapshot(`
    "# stop container shop-web-1  (the stack is taken down)
    > unpause container shop-db-1  (the stack is taken down)
        after container.stop shop-web-1
    # stop container shop-db-1  (the stack is taken down)
        after container.unpause shop-db-1
    - remove container shop-db-1  (the stack is taken down)
        after container.stop shop-db-1
    - remove container shop-web-1  (the stack is taken down)
        after container.stop shop-web-1
    - remove network shop_default  (the stack is taken down)
        after container.remove shop-db-1, container.remove shop-web-1
    "
  `);
});

it('takes what is declared here, whichever files it was made from, and leaves the rest of other files alone', () => {
  const files = ['/elsewhere/compose.yaml'];
  const made = planDown(stack, observed({ containers: [seen(web, { files }), seen(service('gone'), { files })] }));
  expect(made.steps.map(({ id }) => id)).toEqual(['container.stop shop-web-1', 'container.remove shop-web-1']);
  expect(made.problems.map(({ code }) => code)).toEqual(['orphan-of-other-files']);
});

it('leaves nothing of the stack but its volumes, on any machine', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const after = simulateAll(planDown(world.desired, world.observed).steps, world.observed);
      const left = Object.values(after.containers).filter(
        ({ service: name, files }) => world.desired.services[name] || files.every((file) => world.desired.files.includes(file)),
      );
      expect(left).toEqual([]);
      expect(after.volumes).toEqual(world.observed.volumes);
      expect(after.others).toEqual(world.observed.others);
    }),
    { seed, numRuns: runs(500) },
  );
});

it('tells what goes, and of each step whose it is and that the others do not wait for it to end well', () => {
  const made = planDown(stack, machine);
  expect(made.changes.map(({ of, name, verb, because }) => [of, name, verb, because])).toEqual([
    ['container', 'shop-db-1', 'remove', 'the stack is taken down'],
    ['container', 'shop-web-1', 'remove', 'the stack is taken down'],
    ['network', 'shop_default', 'remove', 'the stack is taken down'],
  ]);
  expect(new Set(made.steps.map(({ onFailure, stage }) => `${stage} ${onFailure}`))).toEqual(new Set(['discard continue']));
  expect(made.steps.map((step) => ('service' in step ? step.service : 'none'))).toEqual(['web', 'db', 'db', 'db', 'web', 'none']);
});

it('waits for the containers that are on a network before it takes it away, and for no others', () => {
  const back = { settings: { networks: { shop_back: { aliases: [] } } } };
  const networks = [seenNetwork('shop_default'), seenNetwork('shop_back')];
  const { steps } = planDown(stack, observed({ networks, containers: [seen(db, back), seen(web)] }));
  const after = (id: string) => steps.find((step) => step.id === id)?.after;
  expect([after('network.remove shop_back'), after('network.remove shop_default')]).toEqual([
    ['container.remove shop-db-1'],
    ['container.remove shop-web-1'],
  ]);
});

describe('carried out', () => {
  it('ends as applied when all is gone', async () => {
    const { result, engine } = await runPlan(planDown(stack, machine), machine);
    expect(result).toBe('applied');
    expect(engine.now()).toMatchObject({ containers: {}, networks: {}, volumes: machine.volumes });
  });

  it('goes on past a failure and says that something is left', async () => {
    const made = await runPlan(planDown(stack, machine), machine, { fault: { atCall: 1, how: 'refused' } });
    expect(made.result).toBe('not-cleaned-up');
    expect(outcomes(made)).toContain('container.stop shop-web-1: failed');
    expect(endOf(made, 'rollback-started')).toBeUndefined();
  });

  it('stops when a person interrupts', async () => {
    const cancel = new AbortController();
    const made = await runPlan(planDown(stack, machine), machine, {
      cancel: cancel.signal,
      on: ({ type }) => type === 'step-ended' && cancel.abort(),
    });
    expect(made.result).toBe('not-cleaned-up');
    expect(made.engine.calls).toEqual(['stop shop-web-1']);
  });
});
