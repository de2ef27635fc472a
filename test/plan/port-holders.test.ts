import { describe, expect, it } from 'vitest';
import type { Desired, ReclaimRule } from '../../src/model/desired.ts';
import type { Port } from '../../src/model/settings.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { holderOf } from '../../src/plan/port-holder.ts';
import { holderText, processText, waysOut } from '../../src/plan/port-holder-text.ts';
import { portRows } from '../../src/plan/port-rows.ts';
import { desired, idOf, observed, seen, service, state } from '../kit/builders.ts';
import { listener, port, process, rule } from './port-kit.ts';

const socket = { protocol: 'tcp', address: '0.0.0.0', port: 8080 } as const;
const web = service('web', { settings: { ports: [port('8080')] } });

describe('who has a port', () => {
  const kindOf = (machine: Parameters<typeof observed>[0]) => holderOf(socket, observed(machine))?.kind;
  const id = idOf('x');
  const inside = [process({ containerId: id })];
  const publishing = (...published: readonly string[]) => ({ id, name: 'x', running: true, ports: published.map(port) });

  it.each<readonly [string | undefined, Parameters<typeof observed>[0]]>([
    [undefined, {}],
    [undefined, { others: [{ ...publishing('8080'), running: false }] }],
    ['container', { others: [publishing('', '1', '8080')] }],
    [undefined, { others: [publishing('')] }],
    ['own', { containers: [seen(web)] }],
    ['own', { containers: [seen(web, { state: state('paused') })] }],
    [undefined, { containers: [seen(web, { state: state('created') })] }],
    ['process', { listeners: [listener()] }],
    [undefined, { listeners: [listener([process()], { port: 1 })] }],
    ['hidden', { listeners: [listener([])] }],
    ['hidden', { listeners: [listener(), listener([], { address: '::' })] }],
    ['engine', { listeners: [listener([process({ ofEngine: true })])] }],
    ['own', { listeners: [listener(inside)], containers: [seen(service('db'), { id })] }],
    ['process', { listeners: [listener(inside)], containers: [seen(service('db'), { id, state: state('exited') }), seen(service('mq'))] }],
    ['process', { listeners: [listener()], containers: [seen(service('db'), { id })] }],
    ['container', { listeners: [listener(inside)], others: [{ ...publishing(), id: 'other' }, publishing()] }],
    [
      'process',
      {
        listeners: [listener(inside)],
        others: [
          { ...publishing(), running: false },
          { ...publishing(), name: 'y', id: 'y' },
        ],
      },
    ],
  ])('%s', (kind, machine) => expect(kindOf(machine)).toBe(kind));

  it('is one process once, and whoever may not be looked at', () => {
    const two = observed({ listeners: [listener([process(), process({ pid: 5 })]), listener([process()], { inode: '10' })] });
    expect(holderOf(socket, two)).toMatchObject({ processes: [{ pid: 812 }, { pid: 5 }] });
    const hidden = observed({ listeners: [listener(), listener([], { user: 'bob' })] });
    expect(holderOf(socket, hidden)).toMatchObject({ listener: { user: 'bob' } });
    expect(holderOf(socket, observed({ containers: [seen(web)] }))).toMatchObject({ container: { name: 'shop-web-1' } });
    const inner = observed({ listeners: [listener(inside)], containers: [seen(service('db'), { id })] });
    expect(holderOf(socket, inner)).toMatchObject({ container: { name: 'shop-db-1' } });
  });

  // The clock of the boot has whole seconds
  it.each([
    ['2026-08-01T09:59:57.999Z', 'an earlier run of its container', true],
    ['2026-08-01T09:59:58Z', 'this run, as far as anybody can tell', false],
    ['2026-08-01T10:00:05Z', 'this run', false],
  ])('started at %s it is of %s', (startedAt, _whose, isFormer) => {
    const one = process({ containerId: id, startedAt });
    const world = observed({ listeners: [listener([one])], containers: [seen(service('db'), { id })] });
    expect(holderOf(socket, world)).toEqual({ kind: 'own', container: world.containers['shop-db-1'], ...(isFormer && { former: one }) });
  });
});

describe('how that is told', () => {
  const say = (machine: Parameters<typeof observed>[0], ports: Desired['ports'] = desired().ports) => {
    const world = observed(machine);
    const holder = holderOf(socket, world)!;
    return [holderText(holder, world), waysOut(holder, desired({ ports }))];
  };
  const since = 'since 2026-08-01T10:00:00Z';
  const another = 'or declare another port';
  const byRule = 'let the plan end it (a rule in x-stack.ports.reclaim, and on_conflict: reclaim)';

  it.each<readonly [string, Parameters<typeof observed>[0], readonly [string, string]]>([
    [
      'a container of the stack',
      { containers: [seen(web)] },
      ['container shop-web-1 of this stack', `let this plan include its service web, ${another}`],
    ],
    ['a process', { listeners: [listener()] }, [`process 812 of ann: /bin/a -x (${since})`, `end it (kill 812), ${byRule}, ${another}`]],
    [
      'several',
      { listeners: [listener([process(), process({ pid: 5 })])] },
      [
        `process 812 of ann: /bin/a -x (${since}), and by process 5 of ann: /bin/a -x (${since})`,
        `end it (kill 812), ${byRule}, ${another}`,
      ],
    ],
    [
      'a unit of a user, with its parent and its login',
      {
        listeners: [
          listener([process({ unit: { name: 'a.service', manager: 'user' }, session: '3', parent: { pid: 2, command: 'bash' } })]),
        ],
      },
      [
        `process 812 of ann: /bin/a -x (${since}, unit a.service of that user, login 3, started by process 2: bash)`,
        `stop it (systemctl --user stop a.service), ${byRule}, ${another}`,
      ],
    ],
    [
      'a unit of the system, started by the first process',
      { listeners: [listener([process({ unit: { name: 'a.service', manager: 'system' }, parent: { pid: 1, command: 'init' } })])] },
      [`process 812 of ann: /bin/a -x (${since}, unit a.service)`, `stop it (systemctl stop a.service), ${byRule}, ${another}`],
    ],
    [
      'an earlier run of a container of the stack',
      {
        containers: [seen(service('db'))],
        listeners: [listener([process({ containerId: idOf('container shop-db-1'), startedAt: '2026-07-01T10:00:00Z' })])],
      },
      ['container shop-db-1 of this stack, by process 812 of an earlier run of it', `let this plan include its service db, ${another}`],
    ],
    [
      'the systemd of a user, for a unit that it does not name, and a process that is in none',
      { listeners: [listener([process({ manager: true }), process({ pid: 5 })])] },
      [
        `systemd (process 812) for one of its socket units, and by process 5 of ann: /bin/a -x (${since})`,
        `stop that unit (systemctl --user list-sockets names it), systemd is never ended for a port, ${another}`,
      ],
    ],
    [
      'the systemd of a user, for a socket unit whose service runs beside one that is in no unit',
      {
        listeners: [
          listener([
            process({ manager: true, unit: { name: 'a.socket', manager: 'user' } }),
            process({ pid: 5, unit: { name: 'a.service', manager: 'user' } }),
            process({ pid: 6 }),
          ]),
        ],
      },
      [
        `systemd (process 812) for its unit a.socket, and by process 5 of ann: /bin/a -x (${since}, unit a.service of that user), and by process 6 of ann: /bin/a -x (${since})`,
        `stop it (systemctl --user stop a.socket a.service), systemd is never ended for a port, ${another}`,
      ],
    ],
    [
      'what is left of a container that is gone',
      { listeners: [listener([process({ containerId: 'a'.repeat(64) })])] },
      [
        `process 812 of ann: /bin/a -x (${since}), left over from container aaaaaaaaaaaa, which is gone`,
        `end it (kill 812), ${byRule}, ${another}`,
      ],
    ],
    [
      'the engine',
      { listeners: [listener([process({ ofEngine: true, command: '/usr/bin/docker-proxy -proto tcp' })])] },
      [
        "the engine's own docker-proxy (process 812), though no container publishes the port",
        `restart the engine, which has lost track of it, ${another}`,
      ],
    ],
  ])('%s', (_who, machine, expected) => expect(say(machine)).toEqual(expected));

  it('a process is told alike where nothing else is seen, in whole seconds', () => {
    const one = process({ containerId: 'a'.repeat(64), startedAt: '2026-08-01T10:00:00.123Z' });
    expect(processText(one)).toBe(`process 812 of ann: /bin/a -x (${since})`);
  });

  it('what a rule can do about it depends on the rules there are', () => {
    const way = (ports: Desired['ports'], pid = 812) =>
      say({ listeners: [listener([process(), process({ pid })])] }, ports)[1]?.split(', ')[1];
    expect(way({ onConflict: 'reclaim', reclaim: [] })).toBe('let a rule of x-stack.ports.reclaim name it');
    expect(way({ onConflict: 'fail', reclaim: [rule] })).toBe('let the plan end it (x-stack.ports.on_conflict: reclaim)');
    expect(way({ onConflict: 'reclaim', reclaim: [rule] }, 1)).toBe('process 1 is never ended for a port');
  });
});

it('each port of the stack is free, held, taken, moves, can be had, or nobody can see', () => {
  const stateOf = (machine: Parameters<typeof observed>[0], reclaim: readonly ReclaimRule[] = [], protocol: Port['protocol'] = 'tcp') => {
    const one = service('web', { settings: { ports: [{ ...port('8080'), protocol }] } });
    const sides = {
      desired: desired({ services: [one], ports: { onConflict: 'fail', reclaim } }),
      observed: observed(machine),
      options: plainOptions,
    };
    return portRows(sides).map((row) => `${row.wanted.service.name} ${row.state} ${'holder' in row ? row.holder.kind : '-'}`)[0];
  };
  expect([stateOf({}), stateOf({ portsUnseen: 'it is elsewhere' }), stateOf({}, [], 'sctp')]).toEqual([
    'web free -',
    'web unknown -',
    'web unknown -',
  ]);
  const mover = service('db', { settings: { ports: [port('8080')] } });
  expect([stateOf({ containers: [seen(web)] }), stateOf({ containers: [seen(mover)] })]).toEqual(['web held own', 'web moves own']);
  const other = { id: 'x', name: 'x', running: true, ports: [port('8080')] };
  expect([
    stateOf({ others: [other] }, [rule]),
    stateOf({ listeners: [listener()] }),
    stateOf({ listeners: [listener()] }, [rule]),
  ]).toEqual(['web taken container', 'web taken process', 'web reclaimable process']);
});
