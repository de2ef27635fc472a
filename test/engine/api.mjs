// The few questions that the scripts of this folder ask the engine at DOCKER_HOST (curl and the docker command may be missing).
//   api.mjs ping                   exit 0 if the engine answers within a second
//   api.mjs wait SECONDS PID       until it answers; gives up early when process PID is gone
//   api.mjs version                "20.10.24 (API 1.41)"
//   api.mjs missing IMAGE...       those of the images that the engine does not have, one a line
//   api.mjs load TAR               what `docker load -i TAR` does
//   api.mjs remove IMAGE...        what `docker image rm IMAGE...` does; one that is in use stays
//   api.mjs holds PROJECT          exit 0 if the Compose project has a container, network or volume
//   api.mjs clear [PROJECT]        removes every container, network and volume of the Compose project; without one,
//                                  all there are: for an engine of our own only
import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const host = new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock');
const address = host.protocol === 'unix:' ? { socketPath: host.pathname } : { host: host.hostname, port: host.port };

function ask(method, path, { body, timeoutMs = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const call = request({ ...address, method, path, signal: AbortSignal.timeout(timeoutMs) }, async (answer) => {
      try {
        const text = Buffer.concat(await answer.toArray()).toString();
        if (answer.statusCode < 400) resolve(text);
        else reject(Object.assign(new Error(`${method} ${path}: ${answer.statusCode} ${text}`), { status: answer.statusCode }));
      } catch (error) {
        reject(error);
      }
    });
    call.on('error', reject);
    if (body) body.pipe(call);
    else call.end();
  });
}

const answers = (timeoutMs) =>
  ask('GET', '/_ping', { timeoutMs }).then(
    () => true,
    () => false,
  );
const json = async (path) => JSON.parse(await ask('GET', path));
/** What is gone already is fine; what cannot be removed is said, and the rest removed all the same. */
async function removeAll(ids, path, query = '') {
  const ended = await Promise.allSettled(ids.map((id) => ask('DELETE', `${path}/${id}${query}`)));
  const failures = ended.filter((one) => one.status === 'rejected' && one.reason.status !== 404);
  for (const { reason } of failures) console.error(reason.message);
  if (failures.length > 0) process.exitCode = 1;
}

async function resources(project) {
  const labels = project ? { label: [`com.docker.compose.project=${project}`] } : {};
  const filters = `filters=${encodeURIComponent(JSON.stringify(labels))}`;
  const [containers, networks, volumes] = await Promise.all([
    json(`/containers/json?all=1&${filters}`),
    json(`/networks?${filters}`),
    json(`/volumes?${filters}`),
  ]);
  return {
    containers: containers.map((container) => container.Id),
    networks: networks.filter((network) => !['bridge', 'host', 'none', 'podman'].includes(network.Name)).map((network) => network.Id),
    volumes: (volumes.Volumes ?? []).map((volume) => volume.Name),
  };
}

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const commands = {
  async ping() {
    process.exitCode = (await answers(1000)) ? 0 : 1;
  },
  async wait(seconds, pid) {
    const deadline = Date.now() + Number(seconds) * 1000;
    while (!(await answers(5000))) {
      if (Date.now() > deadline || !alive(Number(pid))) return void (process.exitCode = 1);
      await pause(50);
    }
  },
  async version() {
    const version = await json('/version');
    console.log(`${version.Version} (API ${version.ApiVersion})`);
  },
  async missing(...wanted) {
    const had = new Set((await json('/images/json')).flatMap((image) => image.RepoTags ?? []));
    for (const name of wanted) if (!had.has(name) && !had.has(`localhost/${name}`) && !had.has(`docker.io/${name}`)) console.log(name);
  },
  async load(tar) {
    const text = await ask('POST', '/images/load?quiet=1', { body: createReadStream(tar) });
    if (text.includes('"errorDetail"')) throw new Error(`load ${tar}: ${text}`);
  },
  async remove(...images) {
    await Promise.allSettled(images.map((image) => ask('DELETE', `/images/${image}`)));
  },
  async holds(project) {
    const { containers, networks, volumes } = await resources(project);
    process.exitCode = containers.length + networks.length + volumes.length > 0 ? 0 : 1;
  },
  async clear(project) {
    const { containers, networks, volumes } = await resources(project);
    await removeAll(containers, '/containers', '?force=1&v=1');
    await removeAll(networks, '/networks');
    await removeAll(volumes, '/volumes');
  },
};

const [name, ...rest] = process.argv.slice(2);
await commands[name](...rest).catch((error) => {
  console.error(`engine at ${host.href}: ${error.message}`);
  process.exitCode = 1;
});
