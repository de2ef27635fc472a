import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { desired, idOf, image, needs, observed, seen, service, state } from '../kit/builders.ts';
import { endOf, outcomes, runPlan } from '../kit/runs.ts';
import { allUp } from '../kit/satisfies.ts';
import { standing } from '../kit/standing.ts';

const db = service('db');
const web = service('web', { dependsOn: [needs('db')] });
const stack = desired({ services: [db, web] });
/** Both run as somebody else, so both are replaced. */
const machine = observed({ containers: [db, web].map((each) => seen(each, { settings: { user: 'nobody' } })) });
const made = plan(stack, machine);
const bad =
  (name: string) =>
  ({ service: each, run }: { readonly service: string; readonly run?: string }) =>
    each === name && run ? { exits: 1 } : {};

const failing = (failureAction: ServiceSpec['update']['failureAction']) => service('db', { update: { ...db.update, failureAction } });

it('tells every step before it runs, the commit, and the end', async () => {
  const { events, result } = await runPlan(made, machine);
  const types = events.map(({ type }) => type);
  expect(result).toBe('applied');
  expect([types[0], types.at(-1)]).toEqual(['run-started', 'run-ended']);
  const begun = events.flatMap((event) => (event.type === 'step-started' ? [event.step.id] : []));
  expect(begun).toEqual(made.steps.map(({ id }) => id));
  const firstDiscard = events.findIndex((event) => event.type === 'step-started' && event.step.stage === 'discard');
  expect(types.indexOf('committed')).toBeLessThan(firstDiscard);
});

it('walks back in reverse, looks again, and says so', async () => {
  const ran = await runPlan(made, machine, { behaves: bad('web') });
  expect(ran.result).toBe('rolled-back');
  expect(endOf(ran, 'rollback-started')?.because).toBe('"wait until shop-web-1 runs stably" failed');
  expect(endOf(ran, 'rollback-ended')).toMatchObject({ verified: true, left: [], lost: [] });
  expect(standing(ran.engine.now())).toEqual(standing(machine));
  const { calls } = ran.engine;
  expect(calls.slice(calls.lastIndexOf('remove shop-web-1'))).toEqual([
    'remove shop-web-1',
    `rename to shop-web-1 shop-web-1.before-${seen(web).id.slice(0, 12)}`,
    'start shop-web-1',
    'update shop-web-1',
    'stop shop-db-1',
    'stop shop-db-1',
    'remove shop-db-1',
    `rename to shop-db-1 shop-db-1.before-${seen(db).id.slice(0, 12)}`,
    'start shop-db-1',
    'update shop-db-1',
  ]);
});

it('starts nothing more once something has failed', async () => {
  const alone = desired({ services: [db, service('web')] });
  const ran = await runPlan(plan(alone, machine), machine, { limit: 1, fault: { atCall: 2, how: 'refused' } });
  expect(ran.result).toBe('rolled-back');
  // How the stop ended is one thing, what it left another: the way back starts it, and gives it its restart policy again
  expect(ran.engine.calls).toEqual(['update shop-db-1', 'stop shop-db-1', 'start shop-db-1', 'update shop-db-1']);
});

it('notices before the commit that one has fallen over after its gate', async () => {
  const ran = await runPlan(made, machine, {
    meddle: (_call, engine) => {
      const first = engine.now().containers['shop-db-1'];
      if (engine.calls.at(-1) === 'start shop-web-1' && first?.run) engine.change(first.id, { status: 'exited', exitCode: 137 });
    },
  });
  expect(ran.result).toBe('rolled-back');
  expect(endOf(ran, 'rollback-started')?.because).toMatch(/^db: shop-db-1 passed its gate and fell over afterwards/);
});

it('notices a restart after the gate too', async () => {
  const ran = await runPlan(made, machine, {
    meddle: (_call, engine) => {
      const first = engine.now().containers['shop-db-1'];
      if (engine.calls.at(-1) === 'start shop-web-1' && first?.run) engine.change(first.id, { restartCount: 1 });
    },
  });
  expect(ran.result).toBe('rolled-back');
});

it('knows a container that was started first by the name that it has got since', async () => {
  const first = service('web', { update: { ...web.update, order: 'start-first' } });
  const before = observed({ containers: [seen(first, { settings: { user: 'nobody' } })] });
  const { result, engine } = await runPlan(plan(desired({ services: [first] }), before), before);
  expect(result).toBe('applied');
  expect(engine.calls.indexOf('start shop-web-1.next')).toBeLessThan(engine.calls.indexOf('stop shop-web-1'));
  expect(allUp(engine.now(), desired({ services: [first] }))).toEqual([]);
});

it('says that all is up but not cleaned up when a discard fails', async () => {
  const { result, engine } = await runPlan(made, machine, { fault: { atCall: 11, how: 'refused' } });
  expect(engine.calls[10]).toMatch(/^remove shop-/);
  expect(result).toBe('not-cleaned-up');
  expect(engine.calls).toHaveLength(12);
  expect(allUp(engine.now(), stack)).toEqual([]);
});

describe('when a service is not to send the whole plan back', () => {
  const others = service('other', { settings: { user: '1' } });
  it('pause: starts nothing more and leaves all as it stands', async () => {
    const wanted = desired({ services: [failing('pause'), web, others] });
    const ran = await runPlan(plan(wanted, machine), machine, { behaves: bad('db'), limit: 1 });
    expect(ran.result).toBe('failed');
    expect(endOf(ran, 'rollback-started')).toBeUndefined();
    expect(ran.engine.calls).not.toContain('stop shop-web-1');
    expect(ran.engine.now().containers['shop-db-1']?.run).toBeDefined();
  });

  it('continue: only those that need it are not started', async () => {
    const wanted = desired({ services: [failing('continue'), web, others] });
    const ran = await runPlan(plan(wanted, machine), machine, { behaves: bad('db') });
    expect(ran.result).toBe('failed');
    expect(ran.engine.now().containers['shop-other-1']?.state.status).toBe('running');
    expect(ran.engine.calls).not.toContain('create shop-web-1');
  });

  it('--no-rollback: leaves all as it stands, and never commits', async () => {
    const ran = await runPlan(made, machine, { behaves: bad('web'), noRollback: true });
    expect(ran.result).toBe('failed');
    expect(endOf(ran, 'committed')).toBeUndefined();
    expect(endOf(ran, 'rollback-started')).toBeUndefined();
  });

  it('--no-rollback: also when one falls over after its gate', async () => {
    const fall = (_call: number, engine: Parameters<NonNullable<Parameters<typeof runPlan>[2]>['meddle'] & {}>[1]): void => {
      const first = engine.now().containers['shop-db-1'];
      if (engine.calls.at(-1) === 'start shop-web-1' && first?.run) engine.change(first.id, { status: 'exited', exitCode: 137 });
    };
    const ran = await runPlan(made, machine, { meddle: fall, noRollback: true });
    expect([ran.result, endOf(ran, 'committed')]).toEqual(['failed', undefined]);
  });
});

describe('only if the image turned out to be another one', () => {
  const app = image('app:1');
  const built = service('app', { settings: { image: 'app:1' }, build: { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} } });
  const before = observed({ images: { 'app:1': app, [app.id]: app }, containers: [seen(built)] });
  const rebuilt = plan(desired({ services: [built] }), before, { ...plainOptions, build: true });

  it('ends its steps as unchanged when it is the same', async () => {
    const ran = await runPlan(rebuilt, before);
    expect(ran.result).toBe('applied');
    expect(ran.engine.calls).toEqual(['build app:1']);
    expect(outcomes(ran).filter((each) => !each.endsWith('unchanged'))).toEqual(['image.build app:1: done']);
  });

  it('replaces the container when it is not', async () => {
    const other = { ...app, id: `sha256:${idOf('other')}` };
    const { result, engine } = await runPlan(rebuilt, before, { registry: () => other });
    expect(result).toBe('applied');
    expect(engine.now().containers['shop-app-1']?.imageId).toBe(other.id);
  });
});

it('says "untouched" when it failed before anything was changed, and does not walk back', async () => {
  const pulling = plan(stack, { ...machine, images: {} });
  const ran = await runPlan(pulling, { ...machine, images: {} }, { fault: { atCall: 1, how: 'refused' } });
  expect(ran.result).toBe('untouched');
  expect(endOf(ran, 'rollback-started')).toBeUndefined();
});

it('does not call a restart "untouched"', async () => {
  const content = {
    type: 'bind' as const,
    source: '/a',
    target: '/etc/a',
    read_only: true,
    content: { sealed: 'x', shown: '(sensitive)' },
  };
  const told = service('web', {
    onConfigChange: 'restart',
    settings: { volumes: [content], restart: 'no', ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: '' }] },
  });
  const before = observed({ containers: [seen(told, { edited: ['content./etc/a'] })] });
  const ran = await runPlan(plan(desired({ services: [told] }), before), before, { behaves: () => ({ exits: 2 }) });
  expect(ran.engine.calls).toContain('restart shop-web-1');
  expect(ran.result).toBe('not-fully-rolled-back');
});

it('gives the evidence of what failed', async () => {
  const ran = await runPlan(made, machine, { behaves: (each) => (each.run ? { exits: 1, log: ['one', 'cannot open database'] } : {}) });
  const failed = ran.events.find(
    (event): event is Extract<ApplyEvent, { type: 'step-ended' }> => event.type === 'step-ended' && event.outcome.status === 'failed',
  );
  expect(failed?.outcome.status === 'failed' && failed.outcome.why).toMatch(/restart loop: it exited with code 1/);
  expect(failed?.outcome).toMatchObject({ evidence: { container: 'shop-db-1', log: ['one', 'cannot open database'] } });
});

it('keeps a new volume that a program may have written to, and says that it is left', async () => {
  const keeper = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
  const wanted = desired({
    services: [keeper],
    volumes: [{ name: 'shop_data', key: 'data', external: false, driverOptions: {}, labels: {} }],
  });
  const before = observed();
  const ran = await runPlan(plan(wanted, before), before, { behaves: () => ({ exits: 1 }) });
  expect(ran.result).toBe('not-fully-rolled-back');
  expect(endOf(ran, 'rollback-ended')?.left).toEqual([
    'volume shop_data is new and stays: a container used it and may have written data to it; without it: docker volume rm shop_data',
  ]);
  const early = await runPlan(plan(wanted, before), before, { fault: { atCall: 2, how: 'refused' } });
  expect([early.result, Object.keys(early.engine.now().volumes)]).toEqual(['rolled-back', []]);
});

it('stops at a state that a person left: what was stopped is stopped again', async () => {
  const before = observed({ containers: [seen(db, { settings: { user: 'nobody' }, state: state('exited') })] });
  const ran = await runPlan(plan(desired({ services: [db] }), before), before, { behaves: bad('db') });
  expect([ran.result, ran.engine.now().containers['shop-db-1']?.state.status]).toEqual(['rolled-back', 'exited']);
});

it('does not take what the engine found out before a pause for a failure after it', async () => {
  const checked = service('web', { settings: { healthcheck: { test: ['CMD', 'check'] } } });
  const before = observed({ containers: [seen(checked, { state: state('paused', { health: 'unhealthy' }) })] });
  const ran = await runPlan(plan(desired({ services: [checked] }), before), before, { behaves: () => ({ health: 'never', probe: 0 }) });
  expect([ran.result, ran.engine.now().containers['shop-web-1']?.state]).toMatchObject([
    'applied',
    { status: 'running', health: 'unhealthy' },
  ]);
});
