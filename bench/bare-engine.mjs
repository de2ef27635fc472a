// What the engine alone needs: the requests that no tool can save, as fast as they can be sent.
//   bare-engine.mjs up|replace|down PROJECT SERVICES INTERVAL|none GENERATION PARALLELISM
// up       creates the network; then for each service: create, start, inspect, and the first success of its health check (by exec)
// replace  for each service: create the new one, stop and remove the old one, start, inspect, health check
// down     stops and removes each container, then the network
// PARALLELISM services at once; as with stackctl, waiting for a health check takes none of these places.
import { connect } from './engine-client.mjs';
import { command, image, probe, serviceNames } from './stack-file.mjs';

const [verb, project = '', services, interval, generation = '1', parallelism] = process.argv.slice(2);
const seconds = interval === 'none' ? undefined : Number(interval);
const engine = connect();
const network = `${project}_default`;

/**
 * Runs `work` on each item, `parallelism` at a time, and what that gives back beside it, in any number.
 * @template Item
 * @param {readonly Item[]} items @param {(item: Item) => Promise<() => Promise<unknown>>} work
 */
async function forEach(items, work) {
  const left = [...items];
  /** @type {Promise<unknown>[]} */
  const waits = [];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) waits.push((await work(item))());
  };
  await Promise.all(Array.from({ length: Number(parallelism) }, worker));
  await Promise.all(waits);
}

/** @param {string} name */
const settings = (name) => ({
  Image: image,
  Cmd: command,
  Env: [`GENERATION=${generation}`],
  Labels: engine.labels(project),
  ...(seconds !== undefined && { Healthcheck: { Test: probe, Interval: seconds * 1e9, Timeout: 10e9, Retries: 3 } }),
  HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'no' } },
  NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [name] } } },
});

/** @param {string} name @returns {Promise<string>} */
const create = async (name) =>
  (await engine.ask('POST', `/containers/create?name=${project}-${name}-${generation}`, { body: settings(name) })).Id;

/** @param {string} id */
async function startAndInspect(id) {
  await engine.ask('POST', `/containers/${id}/start`);
  const { State } = await engine.ask('GET', `/containers/${id}/json`);
  if (!State.Running) throw new Error(`${id} does not run: exit code ${State.ExitCode} ${State.Error}`);
}

/** @param {string} id */
async function succeedsOnce(id) {
  if (seconds === undefined) return;
  const { Id } = await engine.ask('POST', `/containers/${id}/exec`, {
    body: { Cmd: probe.slice(1), AttachStdout: true, AttachStderr: true },
  });
  await engine.ask('POST', `/exec/${Id}/start`, { body: {} });
  const { ExitCode } = await engine.ask('GET', `/exec/${Id}/json`);
  if (ExitCode !== 0) throw new Error(`the health check of ${id} ended with ${ExitCode}`);
}

/** @param {string} id */
async function remove(id) {
  await engine.ask('POST', `/containers/${id}/stop`);
  await engine.ask('DELETE', `/containers/${id}?v=1`);
}

const names = serviceNames({ services: Number(services), interval: seconds });
/** @type {Record<string, () => Promise<void>>} */
const verbs = {
  async up() {
    await engine.ask('POST', '/networks/create', { body: { Name: network, CheckDuplicate: true, Labels: engine.labels(project) } });
    await forEach(names, async (name) => {
      const id = await create(name);
      await startAndInspect(id);
      return () => succeedsOnce(id);
    });
  },
  async replace() {
    const old = new Map((await engine.containers(project)).map(({ Id, Names }) => [Names[0]?.split('-').at(-2), Id]));
    await forEach(names, async (name) => {
      const before = old.get(name);
      if (before === undefined) throw new Error(`${name} is not there`);
      const id = await create(name);
      await remove(before);
      await startAndInspect(id);
      return () => succeedsOnce(id);
    });
  },
  async down() {
    const ids = (await engine.containers(project)).map(({ Id }) => Id);
    await forEach(ids, async (id) => {
      await remove(id);
      return async () => {};
    });
    await engine.ask('DELETE', `/networks/${network}`);
  },
};

const run = verb === undefined ? undefined : verbs[verb];
if (!run) throw new Error(`up, replace or down, not ${verb}`);
await run();
engine.close();
