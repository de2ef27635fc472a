import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/desired.ts';
import type { HostProcess, Listener } from '../../src/model/listener.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { orphanProcesses, reclaims } from '../../src/plan/reclaims.ts';
import { desired, observed, service } from '../kit/builders.ts';
import { listener, port, process, rule } from './port-kit.ts';

describe('what is ended for a port', () => {
  const ports: Desired['ports'] = { onConflict: 'reclaim', reclaim: [rule] };
  const both = service('web', { settings: { ports: [port('8080'), port('8081')] } });
  const more = service('api', { settings: { ports: [port('8082')] } });
  const found = (listeners: readonly Listener[], services = [both], of = ports) =>
    orphanProcesses(services, { desired: desired({ services, ports: of }), observed: observed({ listeners }) });
  const [a, b] = [process(), process({ pid: 5 })];
  const at = (inode: string, number: number, ...holders: readonly HostProcess[]) => listener(holders, { inode, port: number });

  it('is each process once, with all that it holds, for all who want it, and who holds it too', () => {
    const [first, second, ...none] = found([at('1', 8080, a, b), at('2', 8081, a), at('1', 8082, b, process({ pid: 6 }))], [both, more]);
    expect(none.map(({ process: each }) => each.pid)).toEqual([6]);
    expect(first).toMatchObject({ process: { pid: 812 }, services: ['web'], siblings: [5] });
    expect(first?.sockets.map(({ inode, port: number }) => `${inode} ${number}`)).toEqual(['1 8080', '2 8081']);
    expect(second).toMatchObject({ process: { pid: 5 }, services: ['web', 'api'], siblings: [812, 6] });
    expect(second?.sockets.map(({ inode, port: number }) => `${inode} ${number}`)).toEqual(['1 8080']);
  });

  it('is told of each socket once, and of its own only', () => {
    const twice = [
      service('web', { settings: { ports: [port('8080'), port('8081')] } }),
      service('zoo', { settings: { ports: [port('8080')] } }),
    ];
    const [first, second] = found([at('1', 8080, a), listener([b], { inode: '2', address: '::' }), at('3', 8081, a)], twice);
    expect(first?.sockets.map(({ inode }) => inode)).toEqual(['1', '3']);
    expect(second?.sockets.map(({ inode }) => inode)).toEqual(['2']);
  });

  it('is ended right before the container starts that wants the port, whatever else the plan does', () => {
    const services = [service('aaa'), both];
    const made = plan(desired({ services, ports }), observed({ networks: [], listeners: [at('1', 8080, a)] }));
    expect(made.steps.find(({ action }) => action.kind === 'process.end')?.after).toEqual(['container.create shop-web-1']);
  });

  it('is nothing where one of them has no rule, or may not be seen', () => {
    const other = process({ pid: 5, command: 'other' });
    expect([found([at('1', 8080, a, other)]), found([at('1', 8080, a), listener([a], { inode: '2', partly: true })])]).toEqual([[], []]);
  });

  it('is of the user whom the rule names', () => {
    const of = (user?: string) =>
      found([at('1', 8080, a)], [both], { ...ports, reclaim: [{ ...rule, ...(user !== undefined && { user }) }] }).length;
    expect([of(), of('ann'), of('bob')]).toEqual([1, 1, 0]);
  });

  it.each([{ pid: 1 }, { ofEngine: true }, { belowEngine: true }, { own: true }] as const)('is never %j', (never) => {
    expect(found([at('1', 8080, process(never))])).toEqual([]);
  });

  it('is nothing unless the stack says so, nor where it heals by itself', () => {
    const of = (onConflict: 'reclaim' | 'fail', only?: readonly string[]) =>
      reclaims([both], {
        desired: desired({ services: [both], ports: { ...ports, onConflict } }),
        observed: observed({ listeners: [at('1', 8080, a)] }),
        options: { ...plainOptions, ...(only && { only }) },
      }).length;
    expect([of('reclaim'), of('fail'), of('reclaim', [])]).toEqual([1, 0, 0]);
  });

  it('is told with all that it holds and all who want it', () => {
    const left = process({ containerId: 'a'.repeat(64) });
    const made = plan(
      desired({ services: [both, more], ports }),
      observed({ listeners: [at('1', 8080, left), at('2', 8081, left), at('3', 8082, left)] }),
    );
    expect(made.changes[0]).toEqual({
      of: 'process',
      name: '812 of ann (/bin/a -x)',
      verb: 'end',
      because: 'it holds 8082/tcp and 8080/tcp and 8081/tcp, which api and web want; rule "/bin/*"',
      cause: 'port',
      fields: [],
      interrupts: 'it cannot be started again: no rollback takes this back',
    });
    const args = (of: ReturnType<typeof plan>) => of.steps.find(({ action }) => action.kind === 'process.end')?.action.args;
    const socketAt = (number: number) => ({ protocol: 'tcp', address: '0.0.0.0', port: number });
    expect(args(made)).toMatchObject({ process: { pid: 812, containerId: 'a'.repeat(64) }, sockets: [8082, 8080, 8081].map(socketAt) });
    const plain = plan(desired({ services: [both], ports }), observed({ listeners: [at('1', 8080, a)] }));
    expect((args(plain) as { process: object }).process).not.toHaveProperty('containerId');
  });
});
