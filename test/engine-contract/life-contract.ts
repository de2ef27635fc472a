import { expect, test } from 'vitest';
import type { ContainerState } from '../../src/model/observed.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { orderOf, query, seen, within } from './contract-kit.ts';

interface World {
  readonly engine: Engine;
}

/** The life of one container: states, events, commands, logs, changes in place, its end. */
export function lifeContract(world: World): void {
  test('starts, pauses, stops, restarts; what is so already is success', async () => {
    const { engine } = world;
    const order = orderOf({});
    const id = await engine.createContainer(order, within());
    const status = async (): Promise<string> => (await seen(engine, order.name)).state.status;
    expect(await status()).toBe('created');
    await engine.startContainer(id, within());
    await engine.startContainer(id, within());
    expect(await status()).toBe('running');
    await engine.pauseContainer(id, within());
    await engine.pauseContainer(id, within());
    expect(await status()).toBe('paused');
    await engine.unpauseContainer(id, within());
    await engine.unpauseContainer(id, within());
    await expect(engine.removeContainer(id, within())).rejects.toMatchObject({ code: 'conflict' });
    await engine.stopContainer(id, within());
    await engine.stopContainer(id, within());
    expect((await seen(engine, order.name)).state).toMatchObject({ status: 'exited', exitCode: 0, oomKilled: false, restartCount: 0 });
    await engine.restartContainer(id, within());
    expect(await status()).toBe('running');
    await engine.signalContainer(id, 'SIGKILL', within());
    await engine.stopContainer(id, within());
    await engine.removeContainer(id, within());
    await engine.removeContainer(id, within());
    await expect(engine.startContainer(id, within())).rejects.toMatchObject({ code: 'not-found' });
    await expect(engine.removeContainer(id.slice(0, 12), within())).rejects.toThrow(/full id/);
  }, 30_000);

  test('watches from now on, by events', async () => {
    const { engine } = world;
    const order = orderOf({ healthcheck: { test: ['CMD', 'busybox', 'test', '-e', '/tmp/well'], interval: 200, retries: 1 } });
    const id = await engine.createContainer(order, within());
    const states: ContainerState[] = [];
    const over = new AbortController();
    const watching = (async () => {
      for await (const state of engine.watch(id, over.signal)) {
        states.push(state);
        if (states.length === 1) await engine.startContainer(id, within());
        if (state.health === 'unhealthy') await engine.exec(id, { command: ['busybox', 'mkdir', '-p', '/tmp/well'] }, within());
        if (state.health === 'healthy') await engine.signalContainer(id, 'SIGKILL', within());
        if (state.status === 'exited') over.abort();
      }
    })();
    await watching;
    expect(states[0]?.status).toBe('created');
    expect(states.map(({ health }) => health)).toEqual(expect.arrayContaining(['starting', 'unhealthy', 'healthy']));
    expect(states.at(-1)).toMatchObject({ status: 'exited', exitCode: 137, lastProbe: { exitCode: 0 } });
    expect(states.at(-1)?.health).toBeUndefined();
  }, 20_000);

  test('many watch at once, each its own', async () => {
    const { engine } = world;
    const orders = [orderOf({}), orderOf({}), orderOf({})];
    const ids = await Promise.all(orders.map((order) => engine.createContainer(order, within())));
    const seenRunning = ids.map(async (id) => {
      for await (const state of engine.watch(id, within())) if (state.status === 'running') return id;
      return 'never';
    });
    await Promise.all(ids.map((id) => engine.startContainer(id, within())));
    expect(await Promise.all(seenRunning)).toEqual(ids);
    await expect(async () => {
      for await (const _ of engine.watch('f'.repeat(64), within())) throw new Error('a state of nothing');
    }).rejects.toMatchObject({ code: 'not-found' });
  }, 20_000);

  test('runs commands inside: exit code, both outputs, the last 4 KiB of them; the deadline ends the waiting', async () => {
    const { engine } = world;
    const id = await engine.createContainer(orderOf({}), within());
    await engine.startContainer(id, within());
    expect(await engine.exec(id, { command: ['busybox', 'sh', '-c', 'echo out; echo err >&2; exit 3'] }, within())).toEqual({
      exitCode: 3,
      output: expect.stringMatching(/^(out\nerr\n|err\nout\n)$/),
    });
    const long = await engine.exec(id, { command: ['busybox', 'sh', '-c', 'busybox seq 1 100000'] }, within());
    expect(long.exitCode).toBe(0);
    expect(long.output).toHaveLength(4096);
    expect(long.output).toMatch(/99999\n100000\n$/);
    expect([126, 127]).toContain(
      (await engine.exec(id, { command: ['no-such-command'] }, within()).catch(() => ({ exitCode: 127 }))).exitCode,
    );
    const asked = {
      command: ['busybox', 'sh', '-c', 'echo $(busybox id -u) $(busybox pwd) "$GREETING"'],
      user: '1000',
      working_dir: '/tmp',
      environment: { GREETING: 'hello you' },
    };
    expect((await engine.exec(id, asked, within())).output).toBe('1000 /tmp hello you\n');
    const begun = Date.now();
    await expect(engine.exec(id, { command: ['busybox', 'sleep', '30'] }, within(300))).rejects.toMatchObject({ code: 'timeout' });
    expect(Date.now() - begun).toBeLessThan(2000);
    await engine.signalContainer(id, 'SIGKILL', within());
    await expect(engine.exec(id, { command: ['busybox', 'true'] }, within())).rejects.toMatchObject({ code: 'conflict' });
  }, 20_000);

  test('gives the last lines of both streams', async () => {
    const { engine } = world;
    const id = await engine.createContainer(
      orderOf({
        command: ['busybox', 'sh', '-c', 'for i in 1 2 3; do echo out $i; echo err $i >&2; busybox sleep 0.02; done; printf unended'],
      }),
      within(),
    );
    await engine.startContainer(id, within());
    for await (const state of engine.watch(id, within())) if (state.status === 'exited') break;
    const lines = await engine.logs(id, 100, within());
    expect([...lines].sort()).toEqual(['err 1', 'err 2', 'err 3', 'out 1', 'out 2', 'out 3', 'unended']);
    expect(lines.filter((line) => line.startsWith('out'))).toEqual(['out 1', 'out 2', 'out 3']);
    expect(await engine.logs(id, 2, within())).toHaveLength(2);
  }, 20_000);

  test('changes restart policy and limits in place, running or not', async () => {
    const { engine } = world;
    const order = orderOf({ resources: { memory: 33554432 }, restart: 'always' });
    const id = await engine.createContainer(order, within());
    await engine.updateContainer(
      id,
      { restart: 'no', resources: { memory: 67108864, cpus: 0.5, pids: 77, memory_reservation: 16777216 } },
      within(),
    );
    expect((await seen(engine, order.name)).settings).toMatchObject({
      resources: { memory: 67108864, cpus: 0.5, pids: 77, memory_reservation: 16777216 },
    });
    expect((await seen(engine, order.name)).settings.restart).toBeUndefined();
    await engine.startContainer(id, within());
    await engine.updateContainer(id, { restart: 'on-failure:2', resources: { memory: 134217728 } }, within());
    const after = await seen(engine, order.name);
    expect(after.settings).toMatchObject({ restart: 'on-failure:2', resources: { memory: 134217728, cpus: 0.5 } });
    expect(after.id).toBe(id);
  }, 20_000);

  test('tells in the engine’s words why a start failed', async () => {
    const { engine } = world;
    const missing = orderOf({ command: ['no-such-program'] });
    const id = await engine.createContainer(missing, within());
    await expect(engine.startContainer(id, within())).rejects.toThrow(/no-such-program/);
    const { state } = await seen(engine, missing.name);
    expect(state).toMatchObject({ status: 'created', exitCode: 127, startedAt: '' });
    expect(state.error).toMatch(/no-such-program/);
    const port = [{ target: 80, protocol: 'tcp', host_ip: '', published: '21050' }] as const;
    const [first, second] = [orderOf({ ports: port }), orderOf({ ports: port })];
    await engine.startContainer(await engine.createContainer(first, within()), within());
    const loser = await engine.createContainer(second, within());
    const failure: unknown = await engine.startContainer(loser, within()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'refused', message: expect.stringMatching(/21050.*already/) });
    expect(String(failure)).not.toMatch(/HTTP code/);
  }, 20_000);

  // Freezing is only for an engine that the test may freeze: its pid is given along with DOCKER_HOST
  const pid = Number(process.env['STACKCTL_TEST_ENGINE_PID'] ?? '0');
  test.runIf(pid > 0)(
    'a frozen engine ends nothing but the deadline',
    async () => {
      const { engine } = world;
      const order = orderOf({});
      const id = await engine.createContainer(order, within());
      process.kill(pid, 'SIGSTOP');
      try {
        const begun = Date.now();
        const asked = [
          engine.look(query, within(300)),
          engine.startContainer(id, within(300)),
          engine.exec(id, { command: ['true'] }, within(300)),
          engine.logs(id, 1, within(300)),
        ];
        const ended = await Promise.allSettled(asked);
        expect(ended.map((one) => (one.status === 'rejected' ? one.reason.code : 'answered'))).toEqual(asked.map(() => 'timeout'));
        expect(Date.now() - begun).toBeLessThan(1500);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      // What was given up was carried out all the same
      for await (const { status } of engine.watch(id, within())) if (status === 'running') break;
    },
    30_000,
  );
}
