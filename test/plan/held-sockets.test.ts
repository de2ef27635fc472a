import { expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { heldSockets } from '../../src/plan/held-sockets.ts';
import { observed, seen, service } from '../kit/builders.ts';
import { listener, port, process } from './port-kit.ts';

const both = { ports: [port('8080')], expose: ['90/tcp', '91/udp'] };
const one = (settings: Partial<Settings>) => service('web', { settings: { ...both, ...settings } });
const db = (settings: Partial<Settings>) => seen(service('db', { settings }));

it.each<readonly [string, Partial<Settings>, readonly string[]]>([
  ['it publishes', {}, ['8080/tcp']],
  ["its program takes, on the host's network", { network_mode: 'host' }, ['90/tcp', '91/udp']],
  ["its program takes, in the network of one that is on the host's", { network_mode: 'service:vpn' }, ['90/tcp', '91/udp']],
  ['it publishes, in the network of one that has its own', { network_mode: 'service:db' }, ['8080/tcp']],
  ['it publishes, in the network of one that is gone', { network_mode: 'service:gone' }, ['8080/tcp']],
])('a container has the sockets that %s', (_which, settings, held) => {
  const have = seen(one(settings));
  const vpn = seen(service('vpn', { settings: { network_mode: 'host' } }));
  const machine = observed({ containers: [db({ network_mode: 'bridge' }), vpn, have] });
  expect(heldSockets(have, machine).map(({ port: number, protocol }) => `${number}/${protocol}`)).toEqual(held);
});

it('a container has those on which a process of it was seen to listen', () => {
  const have = db({});
  const own = listener([process(), process({ containerId: have.id })], { port: 7 });
  const others = [listener([process({ containerId: 'another' })]), listener([process()])];
  expect(heldSockets(have, observed({ containers: [have], listeners: [...others, own] }))).toEqual([own]);
});
