import { describe, expect, it } from 'vitest';
import type { Desired, ReclaimRule } from '../../src/model/desired.ts';
import type { HostProcess, Listener } from '../../src/model/listener.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { differences } from '../../src/plan/fingerprint.ts';
import { drift } from '../../src/plan/drift.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, idOf, observed, seen, service } from '../kit/builders.ts';

const orphan: HostProcess = {
  pid: 812,
  startTicks: 4711,
  user: 'hyperd',
  executable: '/usr/bin/python3.11',
  command: 'python3 -u /app/server.py --config /etc/aidb.yaml',
  commandHash: '0123456789abcdef',
  startedAt: '2026-08-01T10:00:00Z',
  ofEngine: false,
};
const rule: ReclaimRule = { command: 'python3 -u /app/server.py --config *', user: 'hyperd', graceMs: 5000 };
const held = (holders: readonly HostProcess[] = [orphan], port = 8091, inode = '99'): Listener => ({
  protocol: 'tcp',
  address: '0.0.0.0',
  port,
  inode,
  user: 'hyperd',
  holders,
});
const aidb = service('aidb', { settings: { network_mode: 'host', expose: ['8091/tcp'] } });
const ports: Desired['ports'] = { onConflict: 'reclaim', reclaim: [rule] };

const planned = (machine: Parameters<typeof observed>[0], policy = ports, services = [aidb]) =>
  plan(desired({ services, ports: policy }), observed(machine));
const stepIds = (made: ReturnType<typeof plan>): string[] => made.steps.map(({ id }) => id);

describe('a process that a rule names', () => {
  it('is ended right before the container starts, and the plan says what, why and that it is for good', () => {
    const made = planned({ listeners: [held()] });
    expect(made.problems).toEqual([]);
    expect(stepIds(made)).toEqual([
      'container.create shop-aidb-1',
      'process.end 812',
      'container.start shop-aidb-1',
      'service.await shop-aidb-1',
    ]);
    expect(made.changes[0]).toMatchObject({
      of: 'process',
      verb: 'end',
      name: '812 of hyperd (python3 -u /app/server.py --config /etc/aidb.yaml)',
      because: 'it holds 8091/tcp, which aidb wants; rule "python3 -u /app/server.py --config *"',
      interrupts: expect.stringContaining('no rollback takes this back'),
    });
  });

  it('is ended once for all that want a port of it, before the first of them', () => {
    const web = service('web', { settings: { network_mode: 'host', expose: ['3001/tcp'] } });
    const made = planned({ listeners: [held(), held([orphan], 3001, '100')] }, ports, [aidb, web]);
    expect(stepIds(made).filter((id) => id.startsWith('process.'))).toEqual(['process.end 812']);
    expect(made.steps.find(({ id }) => id === 'process.end 812')?.action.args).toMatchObject({ inodes: ['99', '100'], graceMs: 5000 });
    expect(made.steps.find(({ id }) => id === 'container.create shop-web-1')?.after).toContain('process.end 812');
  });

  it('makes a container that stands there without its port start again', () => {
    const looping = seen(aidb, { state: { ...seen(aidb).state, status: 'restarting', restartCount: 57, exitCode: 1 } });
    const made = planned({ containers: [looping], listeners: [held()] });
    expect(stepIds(made)).toEqual(['process.end 812', 'container.restart shop-aidb-1', 'service.await shop-aidb-1']);
    expect(made.changes[1]?.fields).toEqual([
      { path: 'ports.8091/tcp', have: 'held by process 812', want: 'free', cause: 'port', mend: 'restart' },
    ]);
    expect(made.changes[1]).toMatchObject({ because: 'somebody else holds a port of it', cause: 'port' });
    expect(made.changes[0]).toMatchObject({ cause: 'port' });
    const found = drift(desired({ services: [aidb], ports }), observed({ containers: [looping], listeners: [held()] }), plainOptions);
    expect(found).toEqual({ drifts: [], others: 1 });
  });
});

describe('nothing is ended', () => {
  it.each<[string, Parameters<typeof observed>[0], Desired['ports']?]>([
    ['without on_conflict: reclaim', { listeners: [held()] }, { ...ports, onConflict: 'fail' }],
    ['that no rule names', { listeners: [held([{ ...orphan, command: 'nginx' }])] }],
    ["of another user than the rule's", { listeners: [held([{ ...orphan, user: 'root' }])] }],
    ['where one of several holders has no rule', { listeners: [held([orphan, { ...orphan, pid: 813, command: 'sleep 600' }])] }],
    ['that is a part of the engine', { listeners: [held([{ ...orphan, ofEngine: true }])] }],
    ['that is process 1', { listeners: [held([{ ...orphan, pid: 1 }])] }],
    ['that is the systemd of a user', { listeners: [held([{ ...orphan, manager: true }])] }],
    ['that lives in a container of another engine', { listeners: [held([{ ...orphan, belowEngine: true }])] }],
    ['that has started stackctl', { listeners: [held([{ ...orphan, own: true }])] }],
    ['whose other holders may not be seen', { listeners: [{ ...held(), partly: true }] }],
    ['that this user may not see', { listeners: [held([])] }],
    [
      'in a container that runs',
      {
        listeners: [held([{ ...orphan, containerId: idOf('other') }])],
        others: [{ id: idOf('other'), name: 'other', running: true, ports: [] }],
      },
    ],
  ])('%s', (_name, machine, policy = ports) => {
    const made = planned(machine, policy);
    expect(made.steps).toEqual([]);
    expect(made.problems.map(({ code }) => code)).toEqual(['port-taken']);
  });
});

it('a container that crashes again and again on a taken port is told with the port', () => {
  const state = { ...seen(aidb).state, status: 'restarting' as const, restartCount: 57, exitCode: 1 };
  const looping = { ...seen(aidb, { state }), portComplaint: 'OSError: [Errno 98] Address already in use' };
  const { problems } = planned({ containers: [looping], listeners: [held()] }, { onConflict: 'fail', reclaim: [] });
  expect(problems.map(({ message }) => message)).toEqual([
    'container shop-aidb-1 is in a crash loop: 57 restarts, exit code 1; its log says: OSError: [Errno 98] Address already in use',
    expect.stringMatching(/^port 8091\/tcp, which aidb declares .*, is held by process 812 of hyperd/),
  ]);
});

it('what outlived its container is told as left over from it', () => {
  const others = [{ id: idOf('aidb-old'), name: 'aidb-old', running: false, ports: [] }];
  const message = (containerId: string): string | undefined =>
    planned({ listeners: [held([{ ...orphan, containerId }])], others }, { onConflict: 'fail', reclaim: [] }).problems[0]?.message;
  expect(message(idOf('aidb-old'))).toMatch(/left over from aidb-old \(container [0-9a-f]{12}, which does not run\)$/);
  expect(message(idOf('gone'))).toMatch(/left over from container [0-9a-f]{12}, which is gone$/);
});

it('what outlived a container that the engine remembers is told with its name and when that was removed', () => {
  const formerContainer = { name: 'local-ai-aidb', removedMsAgo: 2 * 3600_000 + 1000 };
  const holder = { ...orphan, containerId: idOf('gone'), formerContainer };
  expect(planned({ listeners: [held([holder])] }, { onConflict: 'fail', reclaim: [] }).problems[0]?.message).toMatch(
    /left over from local-ai-aidb \(container [0-9a-f]{12}, removed 2 h ago\)$/,
  );
});

describe('ports that are nowhere but in x-stack.ready change hands', () => {
  const on = (name: string, port: number, more: Partial<Settings> = {}) =>
    service(name, { settings: { network_mode: 'host', ...more }, ready: [{ kind: 'tcp', host: '127.0.0.1', port }] });
  const listens = (on: SeenContainer, port: number): Listener => held([{ ...orphan, pid: port, containerId: on.id }], port, `of ${port}`);
  /** Each has the port of the next, and gets its own; something else has changed as well, as the port is no setting. */
  const rotated = (names: readonly string[], more: (name: string) => Partial<Settings> = () => ({})) => {
    const services = names.map((name, i) => on(name, 8001 + i, { ...more(name), environment: { PORT: `${8001 + i}` } }));
    const containers = names.map((name, i) => seen(on(name, 8001 + ((i + 1) % names.length), more(name)), { edited: ['environment'] }));
    const listeners = containers.map((each, i) => listens(each, 8001 + ((i + 1) % names.length)));
    return plan(desired({ services }), observed({ containers, listeners }));
  };
  const place = (made: ReturnType<typeof plan>, id: string): number => {
    const found = made.steps.findIndex((step) => step.id === id);
    expect([id, found]).not.toEqual([id, -1]);
    return found;
  };

  it.each([
    ['a swap', ['a', 'b']],
    ['a ring', ['a', 'b', 'c']],
  ] as const)('%s', (_what, names) => {
    const made = rotated(names);
    expect(made.problems).toEqual([]);
    names.forEach((name, i) => {
      const giver = names[(i + names.length - 1) % names.length] ?? '';
      expect(place(made, `container.stop shop-${giver}-1`)).toBeLessThan(place(made, `container.start shop-${name}-1`));
    });
  });

  it('also of a service that shares the network of one on the host’s', () => {
    const base = on('base', 9000);
    const sharer = (port: number, more: Partial<Settings> = {}) =>
      service('sharer', {
        settings: { network_mode: 'service:base', ...more },
        ready: [{ kind: 'tcp', host: 'localhost', port }],
      });
    const other = (port: number, more: Partial<Settings> = {}) => on('a', port, more);
    const containers = [seen(base), seen(sharer(8001), { edited: ['environment'] }), seen(other(8002), { edited: ['environment'] })];
    const listeners = [listens(containers[1]!, 8001), listens(containers[2]!, 8002)];
    const services = [base, sharer(8002, { environment: { PORT: '8002' } }), other(8001, { environment: { PORT: '8001' } })];
    const made = plan(desired({ services }), observed({ containers, listeners }));
    expect(made.problems).toEqual([]);
    expect(place(made, 'container.stop shop-a-1')).toBeLessThan(place(made, 'container.start shop-sharer-1'));
    expect(place(made, 'container.stop shop-sharer-1')).toBeLessThan(place(made, 'container.start shop-a-1'));
  });

  it('from a container that the plan leaves as it is: refused', () => {
    const keeps = seen(service('a', { settings: { network_mode: 'host' } }));
    const made = plan(
      desired({ services: [service('a', { settings: { network_mode: 'host' } }), on('b', 8001)] }),
      observed({ containers: [keeps], listeners: [listens(keeps, 8001)] }),
    );
    expect(made.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^port 8001\/tcp, which b declares, is held by container shop-a-1 of this stack, which this plan leaves as it is/,
      ),
    ]);
  });
});

it('a machine whose ports nobody could see: nothing is ended, and a stack that counts on it is told', () => {
  const made = planned({ portsUnseen: 'the engine is elsewhere' });
  expect(made.steps.map(({ id }) => id)).not.toContain('process.end 812');
  expect(made.problems).toEqual([
    {
      code: 'ports-unseen',
      severity: 'warning',
      message: 'whether others hold its ports cannot be seen, and nothing is ended for them (x-stack.ports): the engine is elsewhere',
      hint: 'run stackctl on the host whose ports the engine opens, outside any container',
    },
  ]);
  expect(planned({ portsUnseen: 'it is elsewhere' }, { onConflict: 'fail', reclaim: [] }).problems).toEqual([]);
});

it('ports on the host’s network change hands: who has one stops before the other starts', () => {
  const on = (name: string, port: number) => service(name, { settings: { network_mode: 'host', expose: [`${port}/tcp`] } });
  const made = plan(
    desired({ services: [on('a', 8002), on('b', 8001)] }),
    observed({ containers: [seen(on('a', 8001)), seen(on('b', 8002))] }),
  );
  const place = (id: string): number => made.steps.findIndex((step) => step.id === id);
  expect(made.problems).toEqual([]);
  expect(place('container.stop shop-b-1')).toBeLessThan(place('container.start shop-a-1'));
  expect(place('container.stop shop-a-1')).toBeLessThan(place('container.start shop-b-1'));
});

it('a plan is stale once somebody else holds the port', () => {
  const made = planned({ listeners: [held()] }).madeFrom;
  const differs = (listeners: readonly Listener[]): string[] => differences(made, planned({ listeners }).madeFrom);
  expect(differs([held()])).toEqual([]);
  expect(differs([held([orphan], 8091, '100')])).toEqual([
    'port 8091/tcp on 0.0.0.0 (socket 100) is new',
    'port 8091/tcp on 0.0.0.0 (socket 99) is gone',
  ]);
  expect(differs([held([orphan, { ...orphan, pid: 813 }])])).toEqual(['port 8091/tcp on 0.0.0.0 (socket 99) has changed']);
});
