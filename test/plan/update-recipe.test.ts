import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import type { Action } from '../../src/model/action.ts';
import type { FieldDiff } from '../../src/model/change.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { updateRecipe } from '../../src/plan/update-recipe.ts';
import { desired, needs, observed, seen, service, state } from '../kit/builders.ts';

const field = (path: string, mend: FieldDiff['mend'], have?: number): FieldDiff => ({
  path,
  mend,
  cause: 'file',
  ...(have !== undefined && { have }),
});

interface Case {
  readonly web?: ServiceSpec;
  readonly have?: Parameters<typeof seen>[1];
  readonly fields: readonly FieldDiff[];
  readonly others?: readonly ServiceSpec[];
}

function recipe({ web = service('web'), have, fields, others = [] }: Case) {
  const change = {
    of: 'container',
    verb: 'update',
    want: { service: web, replica: web.replicas[0]! },
    have: seen(web, have),
    fields,
  } as const;
  const standing = { desired: desired({ services: [web, ...others] }), observed: observed(), options: plainOptions };
  return updateRecipe({ ...change, because: 'x' }, standing);
}

const label = (action: Action): string => definitionOf(action).label(action.args);
const built = (one: Case): readonly string[] => recipe(one).build.map(label);

const job = service('web', { settings: { restart: 'no' } });
const gate = 'wait until shop-web-1 runs stably';
const restart = field('content./etc/x', 'restart');
const signal = field('content./etc/x', 'signal');
const onSignal = service('web', { onConfigChange: 'signal:SIGHUP' });

describe('something new to read, or a container that is not up', () => {
  it.each<readonly [string, Case, readonly string[]]>([
    ['is restarted', { fields: [restart] }, ['restart container shop-web-1', gate]],
    ['gets the signal that it asks for', { web: onSignal, fields: [signal] }, ['send SIGHUP to container shop-web-1', gate]],
    ['is restarted where it needs both', { web: onSignal, fields: [signal, restart] }, ['restart container shop-web-1', gate]],
    [
      'is woken first',
      { web: onSignal, have: { state: state('paused') }, fields: [signal] },
      ['unpause container shop-web-1', 'send SIGHUP to container shop-web-1', gate],
    ],
    ['is only woken', { have: { state: state('paused') }, fields: [field('x', 'networks')] }, ['unpause container shop-web-1', gate]],
    ['is started where it does not run', { have: { state: state('exited') }, fields: [restart] }, ['start container shop-web-1', gate]],
    [
      'is started again where it has done its one thing',
      { web: job, have: { state: state('exited') }, fields: [signal] },
      ['start container shop-web-1', gate],
    ],
    [
      'is started again also where something else differs as well',
      { web: job, have: { state: state('exited') }, fields: [field('x', 'networks'), restart] },
      ['start container shop-web-1', gate],
    ],
    [
      'gets its signal also where something else differs as well',
      { web: onSignal, fields: [field('x', 'networks'), signal] },
      ['send SIGHUP to container shop-web-1', gate],
    ],
    [
      'stays as it is where it has done its one thing',
      { web: job, have: { state: state('exited') }, fields: [field('x', 'networks')] },
      [],
    ],
    [
      'is waited for where it is not ready',
      { have: { state: state('running', { health: 'starting' }) }, fields: [field('x', 'networks')] },
      [gate],
    ],
    ['is left alone where it is', { fields: [field('x', 'networks')] }, []],
  ])('%s', (_what, one, expected) => expect(built(one)).toEqual(expected));
});

describe('a network', () => {
  const on = (networks: NonNullable<ServiceSpec['settings']['networks']>, more: Partial<ServiceSpec['settings']> = {}) =>
    service('web', { settings: { networks, ...more } });
  const at = { aliases: ['web'] };

  it.each<readonly [string, Case, readonly string[]]>([
    [
      'is connected',
      { web: on({ back: at }), have: { settings: { networks: {} } }, fields: [field('networks.back', 'networks')] },
      ['connect container shop-web-1 to network back'],
    ],
    [
      'is left',
      { web: on({}), have: { settings: { networks: { back: at } } }, fields: [field('networks.back', 'networks', 1)] },
      ['disconnect container shop-web-1 from network back'],
    ],
    [
      'is left and connected again for other names',
      {
        web: on({ back: at }),
        have: { settings: { networks: { back: { aliases: [] } } } },
        fields: [field('networks.back', 'networks', 1)],
      },
      ['disconnect container shop-web-1 from network back', 'connect container shop-web-1 to network back'],
    ],
  ])('%s', (_what, one, expected) => expect(built(one)).toEqual(expected));

  it('is connected with the names and the links that the container has there', () => {
    const attachment = (more: Partial<ServiceSpec['settings']>) =>
      recipe({ web: on({ back: at }, more), have: { settings: { networks: {} } }, fields: [field('networks.back', 'networks')] }).build[0]
        ?.args as object | undefined;
    expect(attachment({})).toEqual({ name: 'shop-web-1', id: seen(service('web')).id, network: 'back', attachment: at });
    expect(attachment({ external_links: ['db:x'] })).toMatchObject({ attachment: { ...at, links: ['db:x'] } });
  });
});

describe('a limit', () => {
  const limited = service('web', { settings: { restart: 'on-failure', resources: { memory: 64, memswap_limit: 96, cpus: 2, pids: 5 } } });
  const [memory, swap, cpus] = ['deploy.resources.limits.memory', 'memswap_limit', 'deploy.resources.limits.cpus'] as const;
  const updates = (...fields: readonly FieldDiff[]) => {
    const { build, discard } = recipe({ web: limited, fields });
    const of = ({ args }: Action) => (args as { readonly update: object }).update;
    return [build.map(of), discard.map(of)];
  };

  it('that replaces another is set at once, and alone', () => {
    expect(updates(field(cpus, 'update', 1))).toEqual([[{ resources: { cpus: 2 } }], []]);
  });

  it('of the memory goes with that of the swap', () => {
    const both = [[{ resources: { memory: 64, memswap_limit: 96 } }], []];
    expect([updates(field(memory, 'update', 1)), updates(field(swap, 'update', 1))]).toEqual([both, both]);
  });

  it('where there was none is set last: it cannot be taken back', () => {
    expect(updates(field(cpus, 'update'))).toEqual([[], [{ resources: { cpus: 2 } }]]);
    expect(updates(field(cpus, 'update'), field(memory, 'update', 1))).toEqual([
      [{ resources: { memory: 64, memswap_limit: 96 } }],
      [{ resources: { cpus: 2 } }],
    ]);
  });

  it('goes with the restart policy, which is "no" where none is declared', () => {
    expect(updates(field('restart', 'update', 1))).toEqual([[{ restart: 'on-failure' }], []]);
    expect(updates(field('restart', 'update', 1), field(cpus, 'update', 1))).toEqual([
      [{ restart: 'on-failure', resources: { cpus: 2 } }],
      [],
    ]);
    const { restart: _restart, ...settings } = service('web').settings;
    const bare = { ...service('web'), settings };
    expect(recipe({ web: bare, fields: [field('restart', 'update', 1)] }).build[0]?.args).toMatchObject({ update: { restart: 'no' } });
  });

  it('goes with nothing that is mended otherwise', () => {
    const { build } = recipe({ web: limited, fields: [field(cpus, 'update', 1), field('deploy.resources.limits.pids', 'rename', 1)] });
    expect(build[0]?.args).toMatchObject({ update: { resources: { cpus: 2 } } });
    expect(recipe({ web: limited, fields: [restart, field('networks.x', 'restart')] }).build.map(label)).toEqual([
      'restart container shop-web-1',
      gate,
    ]);
  });

  it('is none that is only mended otherwise', () => {
    expect(updates(field(cpus, 'networks', 1))).toEqual([[], []]);
  });
});

describe('another name', () => {
  const have = { name: 'shop-old-1', id: 'a'.repeat(64) };
  const aside = `shop-old-1.before-${'a'.repeat(12)}`;
  const fields = [field('container_name', 'rename'), field('deploy.resources.limits.cpus', 'update', 1), restart];
  const web = service('web', { settings: { resources: { cpus: 2 } } });

  it('is given in one go where nobody else wants the old one', () => {
    const { letGo, build } = recipe({ web, have, fields });
    expect([letGo, build.map(label)]).toEqual([
      [],
      ['update cpus of container shop-old-1', 'rename container shop-old-1 to shop-web-1', 'restart container shop-web-1', gate],
    ]);
  });

  it('is given after the old one was let go where another one wants it', () => {
    const { letGo, build } = recipe({ web, have, fields, others: [service('db'), service('old', { replicas: 2 })] });
    expect([letGo.map(label), build.map(label)]).toEqual([
      [`rename container shop-old-1 to ${aside}`],
      [`update cpus of container ${aside}`, `rename container ${aside} to shop-web-1`, 'restart container shop-web-1', gate],
    ]);
    expect(recipe({ web, have, fields: fields.slice(1), others: [service('old')] }).letGo).toEqual([]);
  });
});

it('a container for whose end somebody waits is waited for until it has ended', () => {
  const others = [service('db', { dependsOn: [needs('web', 'service_completed_successfully')] })];
  expect(built({ web: job, fields: [field('x', 'networks')], others })).toEqual(['wait until shop-web-1 has completed']);
});
