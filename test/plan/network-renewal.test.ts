import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import { changedSince } from '../../src/apply/changed-since.ts';
import { mapValues } from '../../src/lib/record.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { desired, needs, network, observed, seen, seenNetwork, service } from '../kit/builders.ts';
import { endOf, never, runPlan } from '../kit/runs.ts';
import { complaints } from '../kit/satisfies.ts';
import { anyOrder, run, simulated } from '../kit/simulated.ts';
import { choices, runs, seed, worlds } from '../kit/worlds.ts';

const db = service('db');
const web = service('web', { dependsOn: [needs('db', 'service_started')] });
const closed = desired({ services: [db, web], networks: [network('default', { internal: true })] });
const allowed: PlanOptions = { ...plainOptions, allowDestroy: ['network/default'] };
const machine = observed({ containers: [seen(db), seen(web)] });
const codes = (options: Partial<PlanOptions>, wanted = closed, there = machine): string[] =>
  plan(wanted, there, { ...plainOptions, ...options }).problems.map(({ code }) => code);

it('is refused unless a person names the network', () => {
  expect(codes({})).toEqual(['network-must-be-replaced']);
  expect(codes({ allowDestroy: ['network/default'] })).toEqual([]);
  expect(codes({ allowDestroy: ['network/shop_default'] })).toEqual([]);
  expect(codes({ allowDestroy: ['network/defualt'] })).toEqual(['unknown-network', 'network-must-be-replaced']);
});

it('is refused while a container is on it that the plan leaves as it is', () => {
  expect(codes({ allowDestroy: ['network/default'], targets: ['db'] })).toEqual(['network-in-use']);
});

it('touches nothing where the network is as declared', () => {
  expect(plan(desired({ services: [db, web] }), machine, allowed).changes).toEqual([]);
});

it('lets everybody go, makes the network anew, then brings all up on it', () => {
  expect(stepsText(plan(closed, machine, allowed))).toMatchInlineSnapshot(`
    "~ update restart of container shop-db-1  (the file changed)
    # stop container shop-db-1  (the file changed)
        after container.update shop-db-1 restart
    ~ rename container shop-db-1 to shop-db-1.before-43842d19af87  (the file changed)
        after container.stop shop-db-1
    - disconnect container shop-db-1.before-43842d19af87 from network shop_default  (the file changed)
        after container.rename shop-db-1
    ~ update restart of container shop-web-1  (the file changed)
    # stop container shop-web-1  (the file changed)
        after container.update shop-web-1 restart
    ~ rename container shop-web-1 to shop-web-1.before-ed891d8d10b6  (the file changed)
        after container.stop shop-web-1
    - disconnect container shop-web-1.before-ed891d8d10b6 from network shop_default  (the file changed)
        after container.rename shop-web-1
    - remove network shop_default  (the file changed)
        after network.disconnect shop-db-1.before-43842d19af87 from shop_default, network.disconnect shop-web-1.before-ed891d8d10b6 from shop_default
    + create network shop_default  (the file changed)
        after network.remove shop_default
    + create container shop-db-1 from nginx:1  (the file changed)
        after network.disconnect shop-db-1.before-43842d19af87 from shop_default, network.create shop_default
    > start container shop-db-1  (the file changed)
        after container.create shop-db-1
    ? wait until shop-db-1 runs stably  (the file changed)
        after container.start shop-db-1
    + create container shop-web-1 from nginx:1  (the file changed)
        after network.disconnect shop-web-1.before-ed891d8d10b6 from shop_default, container.start shop-db-1, network.create shop_default
    > start container shop-web-1  (the file changed)
        after container.create shop-web-1
    ? wait until shop-web-1 runs stably  (the file changed)
        after container.start shop-web-1
    - remove container shop-db-1.before-43842d19af87  (the file changed)
        after network.create shop_default, service.await shop-db-1, service.await shop-web-1
    - remove container shop-web-1.before-ed891d8d10b6  (the file changed)
        after network.create shop_default, service.await shop-db-1, service.await shop-web-1
    "
  `);
});

it('converges on any machine, and never meets its own guards', () => {
  let renewed = 0;
  const property = fc.property(worlds, choices, (world, chosen) => {
    const networks = mapValues(world.desired.networks, (each) => ({ ...each, internal: true }));
    const services = mapValues(world.desired.services, (each) => ({ ...each, pullPolicy: 'missing' as const }));
    const wanted = { ...world.desired, networks, services };
    const options = { ...plainOptions, allowDestroy: Object.keys(networks).map((key) => `network/${key}`) };
    const made = plan(wanted, world.observed, options);
    if (made.problems.some(({ severity }) => severity === 'error')) return;
    let now = world.observed;
    for (const step of anyOrder(made, chosen)) {
      const skipped = step.unlessImage && now.images[step.unlessImage.reference]?.id === step.unlessImage.id;
      if (!skipped) expect(definitionOf(step.action).guard(step.action.args, now, run), step.id).toBeUndefined();
      now = simulated(step, now);
    }
    expect(complaints(now, wanted)).toEqual([]);
    if (made.changes.some(({ of, verb }) => of === 'network' && verb === 'replace')) renewed++;
  });
  const numRuns = runs(1000);
  fc.assert(property, { seed, numRuns });
  expect(renewed).toBeGreaterThan(numRuns / 20);
});

describe('carried out', () => {
  it('converges', async () => {
    const { result, engine } = await runPlan(plan(closed, machine, allowed), machine);
    expect(result).toBe('applied');
    expect(engine.now().networks).toMatchObject({ shop_default: { internal: true } });
    expect(plan(closed, engine.now(), allowed).changes).toEqual([]);
  });

  it('goes back to the network as it was, under another id, whatever call fails', async () => {
    const made = plan(closed, machine, allowed);
    const { engine } = await runPlan(made, machine);
    for (let atCall = 1; atCall <= engine.calls.length; atCall++) {
      for (const how of ['before', 'after', 'refused'] as const) {
        const ran = await runPlan(made, machine, { fault: { atCall, how } });
        if (['applied', 'not-cleaned-up', 'untouched'].includes(ran.result)) continue;
        expect(ran.result, `${how} call ${atCall}: ${JSON.stringify(endOf(ran, 'rollback-ended')?.left)}`).toBe('rolled-back');
        const now = ran.engine.now();
        expect(now.networks).toMatchObject({ shop_default: { internal: false, driver: 'bridge' } });
        const id = now.networks['shop_default']?.id;
        for (const { name, settings } of Object.values(now.containers)) {
          expect(settings.networks, name).toMatchObject({ shop_default: { id } });
        }
      }
    }
  });

  it.each([
    ['the same under another id', {}, []],
    ['an internal one', { internal: true }, ['network shop_default is another one']],
    ['one with other addresses', { ipam: { pools: [{ subnet: '10.9.0.0/24' }] } }, ['network shop_default is another one']],
    ['one that others may attach to', { attachable: true }, ['network shop_default is another one']],
    ['one with other labels', { labels: { mine: '2' } }, ['network shop_default is another one']],
  ])('a walk back that left %s is told so', async (_, differs, left) => {
    const there = seenNetwork('shop_default', { labels: { mine: '1', 'io.stackctl.run': 'first' } });
    const now = seenNetwork('shop_default', { labels: { mine: '1', 'io.stackctl.run': 'second' }, id: 'another', ...differs });
    const look = async () => observed({ containers: [onNetwork(now.id)], networks: [now] });
    const before = observed({ containers: [onNetwork(there.id)], networks: [there] });
    expect(await changedSince(before, { kept: [], restored: ['shop_default'] }, { look, abandon: never })).toEqual(left);
    expect(await changedSince(before, { kept: [], restored: [] }, { look, abandon: never })).not.toEqual([]);
  });
});

const onNetwork = (id: string) => seen(db, { settings: { networks: { shop_default: { aliases: ['db'], id } } } });
