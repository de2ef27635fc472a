import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cgroupMeaning } from '../../src/adapters/linux-cgroup.ts';
import { socketUnit, unitOf } from '../../src/adapters/linux-socket-units.ts';
import { lookFrom, lookProgram } from '../kit/look-from.ts';

const id = 'ab'.repeat(32);

it.each<[string, string, unknown]>([
  ['cgroup v1', `12:pids:/docker/${id}\n1:name=systemd:/docker/${id}`, { containerId: id }],
  ['cgroup v1 below a parent of its own', `3:memory:/shop.slice/${id}`, { containerId: id }],
  ['a hybrid whose version 2 says nothing', `9:name=systemd:/docker/${id}\n4:memory:/docker/${id}\n0::/`, { containerId: id }],
  ['a hybrid whose version 1 says nothing', `9:name=systemd:/\n0::/system.slice/docker-${id}.scope`, { containerId: id }],
  ['cgroup v2 by systemd', `0::/system.slice/docker-${id}.scope`, { containerId: id }],
  ['cgroup v2 by cgroupfs', `0::/docker/${id}`, { containerId: id }],
  ['Podman', `0::/machine.slice/libpod-${id}.scope/container`, { containerId: id }],
  ['Podman of a user', `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`, { containerId: id }],
  ['Podman, cgroup v1', `8:pids:/libpod_parent/libpod-${id}`, { containerId: id }],
  ['Kubernetes', `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, { containerId: id }],
  ['seen from a cgroup namespace beside it', `0::/../${id}`, { containerId: id }],
  ['a service', '0::/system.slice/nginx.service', { unit: { name: 'nginx.service', manager: 'system' } }],
  [
    'a service, hybrid',
    '5:pids:/system.slice/nginx.service\n0::/system.slice/nginx.service',
    { unit: { name: 'nginx.service', manager: 'system' } },
  ],
  [
    'an instance of a template',
    '0::/system.slice/system-getty.slice/getty@tty1.service',
    { unit: { name: 'getty@tty1.service', manager: 'system' } },
  ],
  [
    'a service of a user',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service',
    { unit: { name: 'web.service', manager: 'user' } },
  ],
  ['a login', '0::/user.slice/user-0.slice/session-3.scope', { session: 'session-3.scope' }],
  ['a user, without a login', '0::/user.slice/user-1000.slice/user@1000.service/init.scope', { session: 'user@1000.service' }],
  ['no systemd', '9:pids:/\n0::/', {}],
  ['nothing that may be read', '', {}],
  ['a name that only looks like an id', `0::/docker/${id.slice(2)}`, {}],
])('%s', (_what, cgroup, meaning) => expect(cgroupMeaning(cgroup)).toEqual(meaning));

it.each<[string, unknown]>([
  [
    '[::]:22                   Stream   ssh.socket   ssh.service',
    [{ unit: 'ssh.socket', socket: { protocol: 'tcp', address: '[::]', port: 22 } }],
  ],
  [
    '127.0.0.1:631 Stream cups.socket cups.service',
    [{ unit: 'cups.socket', socket: { protocol: 'tcp', address: '127.0.0.1', port: 631 } }],
  ],
  [
    '0.0.0.0:111 Datagram rpcbind.socket rpcbind.service',
    [{ unit: 'rpcbind.socket', socket: { protocol: 'udp', address: '0.0.0.0', port: 111 } }],
  ],
  ['/run/dbus/system_bus_socket Stream dbus.socket dbus.service', []],
  ['kobject-uevent 1 Netlink systemd-udevd-kernel.socket systemd-udevd.service', []],
  ['', []],
])('systemctl list-sockets: %s', (line, found) => {
  expect(socketUnit(line)).toEqual(found);
});

it('finds the unit by port, protocol and address', () => {
  const units = ['127.0.0.1:53 Stream dns.socket a.service', '[::]:53 Datagram dns-udp.socket a.service'].flatMap(socketUnit);
  const on = (protocol: string, address: string): string | undefined => unitOf({ protocol, address, port: 53 }, units);
  expect([on('tcp', '127.0.0.1'), on('tcp', '10.0.0.1'), on('udp', '::')]).toEqual(['dns.socket', undefined, 'dns-udp.socket']);
});

const mayDoAll = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(mayDoAll)('as root, in namespaces of their own', () => {
  let program = '';
  let folder = '';
  beforeAll(async () => {
    program = await lookProgram();
    folder = await mkdtemp(join(tmpdir(), 'rare-holders-'));
    await chmod(folder, 0o755);
    await chmod(program, 0o644);
  });
  afterAll(async () => {
    await rm(program, { force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const shell = (script: string): string[] => ['unshare', '--net', '--mount', '--pid', '--mount-proc', '--fork', 'sh', '-ec', script, 'sh'];

  it('a process 1 that is systemd holds the port for a socket unit, alone or with its service', async () => {
    const systemd = join(folder, 'systemd');
    await symlink(process.execPath, systemd);
    const row = 'Stream web.socket web.service';
    await writeFile(join(folder, 'systemctl'), `#!/bin/sh\necho "127.0.0.1:8091 ${row}"\n`, { mode: 0o755 });
    // It becomes process 1 of a namespace, opens the port and asks who has it
    const source = `
      const { spawn } = require('child_process');
      const server = require('net').createServer().listen(8091, '127.0.0.1', () => {
        const service = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle.fd] });
        const look = spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' });
        look.once('exit', (code) => process.exit(code));
      });`;
    const through = shell(`ip link set lo up; exec ${systemd} -e '${source.replaceAll("'", `'"'"'`)}' "$@"`);
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const [listener] = await lookFrom(program, { through, env, ports: [{ protocol: 'tcp', port: 8091 }] });
    expect(listener?.holders).toEqual([
      expect.objectContaining({ pid: 1, manager: true, unit: { name: 'web.socket', manager: 'system' } }),
      expect.objectContaining({ command: 'sleep 60' }),
    ]);
    expect(listener?.holders[1]).not.toHaveProperty('manager');
  });

  it('the kernel has a socket of its own', async () => {
    const script = 'ip link set lo up; ip link add vx0 type vxlan id 7 local 127.0.0.1 dstport 4790 dev lo; ip link set vx0 up; exec "$@"';
    const ports = [{ protocol: 'udp', port: 4790 }] as const;
    const found = await lookFrom(program, { through: ['unshare', '--net', 'sh', '-ec', script, 'sh'], ports });
    expect(found).toEqual([expect.objectContaining({ port: 4790, holders: [], noProcess: 'kernel' })]);
  });

  it('whoever is in a process namespace around ours cannot be seen, nor told from the kernel', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const ports = [{ protocol: 'tcp', port: typeof address === 'object' ? (address?.port ?? 0) : 0 }] as const;
    const found = await lookFrom(program, { through: ['unshare', '--pid', '--mount-proc', '--fork'], ports });
    server.close();
    expect(found).toEqual([expect.objectContaining({ holders: [], noProcess: 'elsewhere' })]);
  });

  it.each([1, 2])('hidepid=%s: another user sees that somebody has the port, and that it may not look', async (hidepid) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const ports = [{ protocol: 'tcp', port: typeof address === 'object' ? (address?.port ?? 0) : 0 }] as const;
    const asNobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
    const through = (user: string) => [
      'unshare',
      '--mount',
      'sh',
      '-ec',
      `mount -t proc -o hidepid=${hidepid} proc /proc; exec ${user} "$@"`,
      'sh',
    ];
    const [byNobody, byRoot] = await Promise.all([asNobody, ''].map((user) => lookFrom(program, { through: through(user), ports })));
    server.close();
    expect(byNobody).toEqual([expect.objectContaining({ user: 'root', holders: [] })]);
    expect(byNobody?.[0]).not.toHaveProperty('noProcess');
    expect(byRoot?.[0]?.holders.map(({ pid }) => pid)).toEqual([process.pid]);
  });
});
