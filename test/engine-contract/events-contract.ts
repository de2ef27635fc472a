import { expect, test } from 'vitest';
import { anySignal } from '../../src/lib/any-signal.ts';
import type { Engine, StackEvent } from '../../src/platform/engine.ts';
import { network, orderOf, stack, within } from './contract-kit.ts';

/** What an engine tells of a stack while it happens; held against the real one and the one in memory. Needs the contract's networks. */
export function eventsContract(world: { readonly engine: Engine }): void {
  const query = { stack, networks: [network], volumes: ['adp-contract_gone'] };

  /** What was told of one container and its networks while `work` went on, until the last was told. */
  async function told(
    work: () => Promise<unknown>,
    isLast: (event: StackEvent) => boolean,
    more: { readonly sinceMs?: number } = {},
  ): Promise<StackEvent[]> {
    const over = new AbortController();
    const events = await world.engine.stackEvents({ ...query, ...more }, anySignal([over.signal, within()]));
    await work();
    const all: StackEvent[] = [];
    for await (const event of events) {
      all.push(event);
      if (isLast(event)) over.abort();
    }
    return all;
  }
  const isThe =
    (what: string, id: () => string) =>
    (event: StackEvent): boolean =>
      event.what === what && event.id === id();
  const words = (events: readonly StackEvent[], id: string): string[] =>
    events.filter((event) => event.id === id || event.of !== 'container').map(({ of, what }) => `${of} ${what}`);

  test('tells what happens to the stack, and how a container came to its end', async () => {
    const { engine } = world;
    const order = orderOf({ networks: { [network]: { aliases: [] } } });
    let id = '';
    const events = await told(
      async () => {
        id = await engine.createContainer(order, within());
        await engine.startContainer(id, within());
        await engine.pauseContainer(id, within());
        await engine.unpauseContainer(id, within());
        await engine.renameContainer(id, `${order.name}-odd`, within());
        await engine.updateContainer(id, { restart: 'always' }, within());
        await engine.disconnectNetwork({ network, container: id, attachment: { aliases: [] } }, within());
        await engine.stopContainer(id, within());
        await engine.removeContainer(id, within());
      },
      isThe('destroy', () => id),
    );
    const said = words(events, id);
    const inOrder = ['create', 'start', 'pause', 'unpause', 'rename', 'update'].map((what) => `container ${what}`);
    expect(said.filter((each) => inOrder.includes(each))).toEqual(inOrder);
    expect(said).toContain('network disconnect');
    const ending = said.slice(said.indexOf('container kill')).filter((each) => each.startsWith('container'));
    // 20.10 says first that it died, 28.5 first that it was stopped
    expect([...ending.slice(0, 1), ...ending.slice(1, -1).sort(), ...ending.slice(-1)]).toEqual(
      ['kill', 'die', 'stop', 'destroy'].map((what) => `container ${what}`),
    );
    for (const { atMs } of events) expect(Math.abs(atMs - Date.now())).toBeLessThan(60_000);
  }, 30_000);

  test('tells of a container that was killed by which signal, and with what it ended', async () => {
    const { engine } = world;
    const id = await engine.createContainer(orderOf({}), within());
    await engine.startContainer(id, within());
    const events = await told(
      () => engine.signalContainer(id, 'SIGKILL', within()),
      isThe('die', () => id),
    );
    expect(events.filter((event) => event.id === id && ['kill', 'die'].includes(event.what))).toMatchObject([
      { of: 'container', what: 'kill', signal: 9 },
      { of: 'container', what: 'die', exitCode: 137 },
    ]);
  }, 20_000);

  test('tells what has happened since', async () => {
    const { engine } = world;
    const sinceMs = Date.now() - 1000;
    const id = await engine.createContainer(orderOf({}), within());
    await engine.startContainer(id, within());
    expect(
      words(
        await told(
          () => Promise.resolve(),
          isThe('start', () => id),
          { sinceMs },
        ),
        id,
      ),
    ).toEqual(expect.arrayContaining(['container create', 'container start']));
  }, 20_000);

  test('says nothing of other stacks', async () => {
    const { engine } = world;
    const mine = await engine.createContainer(orderOf({}), within());
    let other = '';
    const events = await told(
      async () => {
        other = await engine.createContainer(orderOf({}, { owner: { stack: 'adp-contract-other', run: 'r' } }), within());
        await engine.removeContainer(other, within());
        await engine.removeContainer(mine, within());
      },
      isThe('destroy', () => mine),
    );
    expect(events.map(({ id }) => id)).not.toContain(other);
  }, 20_000);
}
