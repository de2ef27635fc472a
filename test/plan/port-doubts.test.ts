import { expect, it } from 'vitest';
import { portDoubts } from '../../src/plan/port-doubts.ts';
import { desired, idOf, observed, seen, service } from '../kit/builders.ts';
import { listener, port, process } from './port-kit.ts';

const web = service('web', { settings: { ports: [port('8080')] } });
const doubts = (machine: Parameters<typeof observed>[0], services = [web]) =>
  portDoubts(services, { desired: desired({ services }), observed: observed(machine) });

const held = 'port 8080/tcp, which web wants, is held by';
const ann = 'process 812 of ann: /bin/a -x (since 2026-08-01T10:00:00Z)';
const hidden = `${held} a process of ann that this user may not look at`;

it.each<readonly [string, Parameters<typeof observed>[0], readonly string[]]>([
  ['nobody has it', {}, []],
  ['nobody could look', { portsUnseen: 'it is elsewhere' }, ['whether others hold ports of the stack cannot be seen: it is elsewhere']],
  ['a process has it', { listeners: [listener()] }, []],
  ['a container of the stack has it', { containers: [seen(web)] }, []],
  ['another container has it', { others: [{ id: idOf('x'), name: 'x', running: true, ports: [port('8080')] }] }, []],
  ['this user may not look at who has it', { listeners: [listener([])] }, [hidden]],
  [
    'whoever has it lives outside of where we are',
    { listeners: [listener([], { noProcess: 'elsewhere' })] },
    [`${held} a process of ann that cannot be seen from inside this container`],
  ],
  // No rule can name the kernel
  ['the kernel has it', { listeners: [listener([], { noProcess: 'kernel' })] }, []],
  [
    'a process has it, and maybe others too',
    { listeners: [listener(), listener([process()], { inode: '10', partly: true })] },
    [`${held} ${ann}, and maybe by others that this user may not look at`],
  ],
  ['somebody has another port', { listeners: [listener([], { port: 1 }), listener([process()], { port: 2, partly: true })] }, []],
])('that a process holds a port is in doubt, or not: %s', (_why, machine, expected) => expect(doubts(machine)).toEqual(expected));

it('each doubt is told once for all addresses of a port, and for each service', () => {
  const both = { ports: ['127.0.0.1', '10.0.0.1'].map((host_ip) => ({ ...port('8080'), host_ip })) };
  const services = [service('web', { settings: both }), service('zoo', { settings: { ports: [port('8080')] } })];
  expect(doubts({ listeners: [listener([])] }, services)).toEqual([hidden, hidden.replace('web', 'zoo')]);
});
