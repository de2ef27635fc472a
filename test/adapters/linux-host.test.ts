import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { linuxHost } from '../../src/adapters/linux-host.ts';
import { openSockets } from '../../src/adapters/linux-sockets.ts';
import { ssRow } from '../../src/adapters/linux-ss.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, peer: string, state: string): string =>
  `${head}   0: ${local} ${peer} ${state} 00000000:00000000 00:00000000 00000000     0        0 4242 1 0000 100 0 0 10 0\n`;
const everyone6 = '0'.repeat(32);

test.each<[name: string, table: string, protocol: 'tcp' | 'udp', found: unknown]>([
  [
    'listens on all of IPv4',
    row('00000000:1F90', '00000000:0000', '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '0.0.0.0', port: 8080, uid: '0', inode: '4242' }],
  ],
  [
    'listens on loopback',
    row('0100007F:0016', '00000000:0000', '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '127.0.0.1', port: 22, uid: '0', inode: '4242' }],
  ],
  ['is connected', row('0100007F:0016', '0100007F:A001', '01'), 'tcp', []],
  [
    'listens on all of IPv6',
    row(`${everyone6}:1F90`, `${everyone6}:0000`, '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '::', port: 8080, uid: '0', inode: '4242' }],
  ],
  [
    'listens on ::1',
    row('00000000000000000000000001000000:1F90', `${everyone6}:0000`, '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '::1', port: 8080, uid: '0', inode: '4242' }],
  ],
  [
    'listens on a global address',
    row('B80D0120000000000000000001000000:0050', `${everyone6}:0000`, '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '2001:db8::1', port: 80, uid: '0', inode: '4242' }],
  ],
  [
    'listens on a mapped address',
    row('0000000000000000FFFF00000100007F:0050', `${everyone6}:0000`, '0A'),
    'tcp',
    [{ protocol: 'tcp', address: '::ffff:127.0.0.1', port: 80, uid: '0', inode: '4242' }],
  ],
  [
    'takes datagrams from anyone',
    row('00000000:0035', '00000000:0000', '07'),
    'udp',
    [{ protocol: 'udp', address: '0.0.0.0', port: 53, uid: '0', inode: '4242' }],
  ],
  ['is tied to one peer', row('0100007F:0035', '0100007F:A001', '01'), 'udp', []],
  ['is empty', head, 'tcp', []],
])('a socket that %s', (_name, table, protocol, found) => expect(openSockets(table, protocol, () => true)).toEqual(found));

test.each<[line: string, found: unknown]>([
  [
    'tcp LISTEN 0 511 [::1]:8080 [::]:* users:(("nginx",pid=12,fd=6),("nginx",pid=13,fd=6)) ino:42 sk:1 cgroup:/ v6only:1 <->',
    [{ inode: '42', onlyIpv6: true, pids: [12, 13] }],
  ],
  ['tcp LISTEN 0 128 *:80 *:* ino:43 sk:2 cgroup:unreachable:1 v6only:0 <->', [{ inode: '43', onlyIpv6: false, pids: [] }]],
  [
    'udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=9,fd=13)) uid:101 ino:44 sk:3 <->',
    [{ inode: '44', onlyIpv6: false, pids: [9] }],
  ],
  ['', []],
])('ss: %s', (line, found) => expect(ssRow(line)).toEqual(found));

const linux = process.platform === 'linux';

test.runIf(linux)('finds who listens on a port, and nobody on another', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const wild = createServer().listen(0);
  const datagrams = createSocket('udp4').bind(0);
  await Promise.all([server, wild, datagrams].map((each) => once(each, 'listening')));
  const port = (one: { address(): string | AddressInfo | null }): number => (one.address() as AddressInfo).port;
  const asked = [
    { protocol: 'tcp', port: port(server) },
    { protocol: 'tcp', port: port(wild) },
    { protocol: 'udp', port: port(datagrams) },
    { protocol: 'udp', port: port(server) },
  ] as const;
  const found = await linuxHost().listeners(asked, AbortSignal.timeout(10_000));
  const owner = {
    pid: process.pid,
    ofEngine: false,
    executable: process.execPath,
    parent: { pid: process.ppid, command: expect.stringMatching(/./) },
    startedAt: expect.stringMatching(/^20\d\d-.*Z$/),
    command: expect.stringContaining('node'),
    user: expect.stringMatching(/./),
  };
  expect(found).toHaveLength(3);
  expect(found).toEqual(
    expect.arrayContaining([
      {
        protocol: 'tcp',
        address: '127.0.0.1',
        port: port(server),
        holders: [expect.objectContaining(owner)],
        inode: expect.stringMatching(/^\d+$/),
        user: owner.user,
      },
      {
        protocol: 'tcp',
        address: '::',
        port: port(wild),
        holders: [expect.objectContaining(owner)],
        inode: expect.stringMatching(/^\d+$/),
        user: owner.user,
      },
      {
        protocol: 'udp',
        address: '0.0.0.0',
        port: port(datagrams),
        holders: [expect.objectContaining(owner)],
        inode: expect.stringMatching(/^\d+$/),
        user: owner.user,
      },
    ]),
  );
  const startedMs = Date.now() - process.uptime() * 1000;
  expect(Math.abs(new Date(found[0]?.holders[0]?.startedAt ?? 0).getTime() - startedMs)).toBeLessThan(5000);
  expect(await linuxHost().listeners([], AbortSignal.timeout(1000))).toEqual([]);
  server.close();
  wild.close();
  datagrams.close();
});

test('tries probes', async () => {
  const web = createHttp((request, answer) => {
    answer.statusCode = request.url === '/ok' ? 204 : request.url === '/moved' ? 301 : 503;
    if (request.url !== '/slow') answer.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => web.once('listening', resolve));
  const { port } = web.address() as AddressInfo;
  const http = (path: string) => linuxHost().answers({ kind: 'http', url: `http://127.0.0.1:${port}${path}` }, AbortSignal.timeout(300));
  expect(await Promise.all([http('/ok'), http('/moved'), http('/bad'), http('/slow')])).toEqual([
    'yes',
    'yes',
    { why: expect.stringContaining('answered 503') },
    { why: 'no answer in time' },
  ]);
  expect(await linuxHost().answers({ kind: 'tcp', host: '127.0.0.1', port }, AbortSignal.timeout(300))).toBe('yes');
  web.closeAllConnections();
  await new Promise((resolve) => web.close(resolve));
  expect(await linuxHost().answers({ kind: 'tcp', host: '127.0.0.1', port }, AbortSignal.timeout(300))).toEqual({
    why: expect.stringContaining('ECONNREFUSED'),
  });
});
