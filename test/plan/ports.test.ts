import { describe, expect, it } from 'vitest';
import type { HostProcess, Listener } from '../../src/model/listener.ts';
import type { Port } from '../../src/model/settings.ts';
import { plan } from '../../src/plan/plan.ts';
import { collide, portText, socketOf } from '../../src/model/host-socket.ts';
import { desired, idOf, observed, seen, service } from '../kit/builders.ts';

const port = (published: string, more: Partial<Port> = {}): Port => ({ target: 80, protocol: 'tcp', host_ip: '', published, ...more });
const web = service('web', { settings: { ports: [port('8080')] } });
const process: HostProcess = {
  pid: 812,
  startTicks: 4711,
  user: 'root',
  executable: '/usr/sbin/nginx',
  command: 'nginx -g daemon off',
  commandHash: '0123456789abcdef',
  startedAt: '2026-08-01T10:00:00Z',
  ofEngine: false,
};
const listener = (more: Partial<Listener> = {}): Listener => ({
  protocol: 'tcp',
  address: '0.0.0.0',
  port: 8080,
  inode: '99',
  user: 'root',
  holders: [process],
  ...more,
});

const problems = (machine: Parameters<typeof observed>[0], services = [web]): string[] =>
  plan(desired({ services }), observed(machine)).problems.map(({ code, message, hint }) => `${code}: ${message}; ${hint ?? ''}`);

describe('who holds a port that is wanted', () => {
  it.each<readonly [string, Partial<Listener>, RegExp]>([
    [
      'a process',
      {},
      /port-taken: port 8080\/tcp, which web publishes .* is held by process 812 of root: nginx .*since 2026-08-01.*; end it \(kill 812\), let the plan end it .*, or declare another port/,
    ],
    ['a unit', { holders: [{ ...process, unit: { name: 'nginx.service', manager: 'system' } }] }, /systemctl stop nginx.service/],
    [
      'a proxy without its container',
      { holders: [{ ...process, command: '/usr/bin/docker-proxy -proto tcp', ofEngine: true }] },
      /the engine's own docker-proxy \(process 812\), though no container publishes the port; restart the engine/,
    ],
    ['on every IPv6 address', { address: '::' }, /port-taken/],
    ['on one address', { address: '192.168.1.5' }, /port-taken/],
  ])('%s', (_name, more, expected) => {
    expect(problems({ listeners: [listener(more)] })).toEqual([expect.stringMatching(expected)]);
  });

  it('systemd, for a socket unit', () => {
    const systemd: HostProcess = {
      ...process,
      pid: 1,
      executable: '/usr/lib/systemd/systemd',
      command: '/sbin/init',
      manager: true,
      unit: { name: 'ssh.socket', manager: 'system' },
    };
    const sshd = { ...process, command: 'sshd: listener', unit: { name: 'ssh.service', manager: 'system' } as const };
    expect(problems({ listeners: [listener({ holders: [systemd, sshd] })] })).toEqual([
      expect.stringMatching(
        /held by systemd \(process 1\) for its unit ssh\.socket, and by process 812 .*; stop it \(systemctl stop ssh\.socket ssh\.service\), process 1 is never ended/,
      ),
    ]);
    const { unit: _, ...unnamed } = systemd;
    expect(problems({ listeners: [listener({ holders: [unnamed] })] })).toEqual([
      expect.stringMatching(
        /held by systemd \(process 1\) for one of its socket units; stop that unit \(systemctl list-sockets names it\)/,
      ),
    ]);
  });

  it('the kernel itself, or somebody whom nobody here can see', () => {
    expect(problems({ listeners: [listener({ holders: [], noProcess: 'kernel' })] })).toEqual([
      expect.stringMatching(
        /held by the kernel itself, for no process \(as an NFS server or a tunnel is\); stop what the kernel does there/,
      ),
    ]);
    expect(problems({ listeners: [listener({ holders: [], noProcess: 'elsewhere' })] })).toEqual([
      expect.stringMatching(/held by a process of root that cannot be seen from inside this container; look from the host itself/),
    ]);
  });

  it('somebody whom this user may not see', () => {
    expect(problems({ listeners: [listener({ user: 'hyperd', holders: [] })] })).toEqual([
      expect.stringMatching(/a process of hyperd that this user may not look at; run as root/),
    ]);
  });

  it('a container of another stack, or of none', () => {
    const other = { id: idOf('other'), name: 'other', running: true, ports: [port('8080')] };
    expect(problems({ others: [{ ...other, stack: 'blog' }] })).toEqual([
      expect.stringMatching(/container other \(.*, of stack blog\); stop that container/),
    ]);
    expect(problems({ others: [other] })).toEqual([expect.stringMatching(/of no stack/)]);
    expect(problems({ others: [{ ...other, running: false }] })).toEqual([]);
  });

  it('a container of this stack which the plan leaves as it is', () => {
    const files = ['/elsewhere/compose.yaml'];
    const left = seen(service('old', { settings: { ports: [port('8080')] } }), { files });
    expect(problems({ containers: [left] })).toContainEqual(
      expect.stringMatching(/port-taken: .* held by container shop-old-1 of this stack, which this plan leaves as it is/),
    );
  });

  it.each<readonly [string, Parameters<typeof observed>[0]]>([
    ['nobody', {}],
    [
      'the container that it belongs to',
      {
        containers: [seen(web)],
        listeners: [listener({ holders: [{ ...process, command: '/usr/bin/docker-proxy -proto tcp', ofEngine: true }] })],
      },
    ],
    ['a container of this stack that the plan stops', { containers: [seen(service('old', { settings: { ports: [port('8080')] } }))] }],
    ['another port', { listeners: [listener({ port: 9090 })] }],
    ['its container, paused', { containers: [{ ...seen(web), state: { ...seen(web).state, status: 'paused' } }], listeners: [listener()] }],
    ['the same port over udp', { listeners: [listener({ protocol: 'udp' })] }],
  ])('%s: no problem', (_name, machine) => {
    expect(problems(machine)).toEqual([]);
  });
});

it('on the host’s network, a holder whom this user may not see may be the service itself', () => {
  const api = service('api', { settings: { network_mode: 'host', expose: ['8080/tcp'] } });
  const hidden = listener({ holders: [] });
  expect(problems({ containers: [seen(api)], listeners: [hidden] }, [api])).toEqual([]);
  expect(problems({ listeners: [hidden] }, [api])).toEqual([expect.stringMatching(/^port-taken/)]);
});

it('a service without replicas wants no port', () => {
  expect(problems({ listeners: [listener()] }, [service('web', { replicas: 0, settings: { ports: [port('8080')] } })])).toEqual([]);
});

describe('ports that cannot all be had', () => {
  it('two services want one', () => {
    expect(problems({}, [web, service('api', { settings: { ports: [port('8080')] } })])).toEqual([
      expect.stringMatching(/port-twice: port 8080\/tcp is published by both api and web/),
    ]);
  });
  it('one service wants it twice', () => {
    expect(problems({}, [service('web', { settings: { ports: [port('8080'), port('8080', { target: 81 })] } })])).toEqual([
      expect.stringMatching(/published by web twice/),
    ]);
  });
  it('each replica wants it', () => {
    expect(problems({}, [service('web', { replicas: 2, settings: { ports: [port('8080')] } })])).toEqual([
      expect.stringMatching(/port-of-replicas/),
    ]);
  });
  it.each([
    ['a range, or any', [port('8000-8010'), port('')]],
    ['one port on two addresses', [port('8080', { host_ip: '127.0.0.1' }), port('8080', { host_ip: '10.0.0.1' })]],
    ['one port over tcp and udp', [port('8080'), port('8080', { protocol: 'udp' })]],
  ])('%s can', (_name, ports) => {
    expect(problems({}, [service('web', { settings: { ports } })])).toEqual([]);
  });
});

it.each([
  [port('8080'), '8080:80/tcp'],
  [port('8080', { host_ip: '::1' }), '[::1]:8080:80/tcp'],
  [port('', { protocol: 'udp' }), '80/udp'],
])('%o is written %s', (each, text) => {
  expect(portText(each)).toBe(text);
});

it.each([
  ['', '127.0.0.1', true],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '127.0.0.2', false],
  ['::', '10.0.0.1', false],
  ['::', '::1', true],
  ['0.0.0.0', '::1', false],
  ['0.0.0.0', '', true],
  ['0:0:0:0:0:0:0:1', '::1', true],
  ['0:0:0:0:0:0:0:0', '10.0.0.1', false],
  ['[::]', '::1', true],
  ['::FFFF:1.2.3.4', '1.2.3.4', true],
  ['::ffff:0102:0304', '1.2.3.4', true],
  ['::ffff:1.2.3.4', '1.2.3.5', false],
  ['::ffff:0.0.0.0', '1.2.3.5', true],
  ['2001:DB8::0:1', '2001:db8::1', true],
  ['fe80::1%eth0', 'fe80::1', true],
])('%s and %s meet: %s', (left, right, meets) => {
  const at = (host_ip: string) => socketOf(port('80', { host_ip }))!;
  expect(collide(at(left), at(right))).toBe(meets);
});
