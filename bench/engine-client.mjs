// As little as one can have between a program and the engine at DOCKER_HOST: node:http over kept-alive connections.
import { Agent, request } from 'node:http';

const projectLabel = 'com.docker.compose.project';

/** @typedef {{ Id: string, State: string, Names: string[] }} Listed */
/** @typedef {ReturnType<typeof connect>} EngineClient */

/** @param {string} [host] */
export function connect(host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock') {
  const url = new URL(host);
  const address = url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port };
  const agent = new Agent({ keepAlive: true });

  /**
   * The answer's JSON, or its text where it is none. Status codes in `fine` are no failure.
   * @param {string} method @param {string} path @param {{ body?: unknown, fine?: readonly number[] }} [more]
   * @returns {Promise<any>}
   */
  const ask = (method, path, { body, fine = [] } = {}) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const call = request({ ...address, agent, method, path, headers }, (answer) => {
        answer
          .toArray()
          .then((chunks) => settle(answer, Buffer.concat(chunks).toString()))
          .catch(reject);
      });
      /** @param {import('node:http').IncomingMessage} answer @param {string} said */
      const settle = ({ statusCode = 0, headers: got }, said) => {
        if (statusCode >= 400 && !fine.includes(statusCode)) return reject(new Error(`${method} ${path}: ${statusCode} ${said.trim()}`));
        resolve(got['content-type']?.startsWith('application/json') ? JSON.parse(said) : said);
      };
      call.on('error', reject);
      call.end(text);
    });

  /** @param {string} project */
  const ofProject = (project) => `filters=${encodeURIComponent(JSON.stringify({ label: [`${projectLabel}=${project}`] }))}`;

  return {
    ask,
    /** @param {string} project @returns {Promise<Listed[]>} */
    containers: (project) => ask('GET', `/containers/json?all=1&${ofProject(project)}`),
    /** @param {string} project @returns {Promise<{ Id: string }[]>} */
    networks: (project) => ask('GET', `/networks?${ofProject(project)}`),
    /** @param {string} project */
    labels: (project) => ({ [projectLabel]: project }),
    close: () => agent.destroy(),
  };
}

/** What any request may answer when only its end matters. */
const anyFailure = [304, 400, 404, 409, 500];

/**
 * A container that is removed in the middle of its start leaves its network an endpoint that Docker 20.10 keeps until it is started
 * again itself. A second start has to wait for the first, and so do we.
 * @param {EngineClient} engine @param {Listed} container
 */
async function remove(engine, { Id, State }) {
  if (State === 'created') await engine.ask('POST', `/containers/${Id}/start`, { fine: anyFailure });
  await engine.ask('DELETE', `/containers/${Id}?force=1&v=1`, { fine: anyFailure });
  await engine.ask('POST', `/containers/${Id}/wait?condition=removed`, { fine: [404] });
}

/**
 * Removes what is left of a project, and looks again: what was under way when a tool was stopped may still appear. Gives the ids of
 * what cannot be removed.
 * @param {EngineClient} engine @param {string} project
 */
export async function sweep(engine, project) {
  /** @type {string[]} */
  let left = [];
  for (let looks = 0; looks < 10; looks++) {
    const [containers, networks] = await Promise.all([engine.containers(project), engine.networks(project)]);
    left = [...containers, ...networks].map(({ Id }) => Id);
    if (left.length === 0) break;
    await Promise.all(containers.map((container) => remove(engine, container)));
    await Promise.all(networks.map(({ Id }) => engine.ask('DELETE', `/networks/${Id}`, { fine: [403, 404] })));
  }
  return left;
}
