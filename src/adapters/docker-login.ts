import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RegistryConfig } from 'dockerode';
import { EngineError } from '../platform/engine-error.ts';
import { answerOf, type Answer } from './docker-answer.ts';

/** As the engine wants it: a name with a password, or a token in their place. */
interface Login {
  readonly username: string;
  readonly password: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

const dockerHub = 'https://index.docker.io/v1/';

/** The login that docker's config has for the registry of an image; undefined: none, the registry is asked without. */
export async function loginFor(image: string, signal: AbortSignal): Promise<Login | undefined> {
  const config = await dockerConfig();
  return config && loginAt(config, registryOf(image), signal);
}

/** The login for the host that BuildKit says it is about to ask; undefined: none. */
export async function loginAtHost(host: string, signal: AbortSignal): Promise<Login | undefined> {
  const config = await dockerConfig();
  return config && loginAt(config, host === 'registry-1.docker.io' || host === 'docker.io' ? dockerHub : host, signal);
}

/** All logins of docker's config, for a build: nobody says before which images it starts from. */
export async function allLogins(signal: AbortSignal): Promise<RegistryConfig> {
  const config = await dockerConfig();
  if (!config) return {};
  const registries = [...new Set([...config.names('auths'), ...config.names('credHelpers')])];
  const found = await Promise.all(registries.map(async (registry) => [registry, await loginAt(config, registry, signal)] as const));
  return Object.fromEntries(
    found.flatMap(([registry, login]) => (login ? [[registry, { username: login.username, password: login.password }]] : [])),
  );
}

/** A config.json with all logins of docker's config and nothing else, for a program that speaks to the engine itself. */
export async function loginsFile(signal: AbortSignal): Promise<string> {
  const config = await dockerConfig();
  const registries = config ? [...new Set([...config.names('auths'), ...config.names('credHelpers')])].sort() : [];
  const found = await Promise.all(
    registries.map(async (registry) => [registry, config && (await loginAt(config, registry, signal))] as const),
  );
  const auths = found.flatMap(([registry, login]) => (login ? [[registry, entryOf(login)] as const] : []));
  return `${JSON.stringify({ auths: Object.fromEntries(auths) }, undefined, 2)}\n`;
}

const entryOf = ({ username, password, identitytoken }: Login) =>
  identitytoken === undefined ? { auth: Buffer.from(`${username}:${password}`).toString('base64') } : { identitytoken };

/** "ghcr.io/a/b" is at ghcr.io; a first part without a dot, a port or "localhost" is a name at Docker Hub. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const named = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return !named || first === 'docker.io' || first === 'index.docker.io' ? dockerHub : first;
}

async function loginAt(config: Answer, registry: string, signal: AbortSignal): Promise<Login | undefined> {
  const helper = config.textMap('credHelpers')[registry] ?? config.text('credsStore');
  const fromHelper = helper === '' ? undefined : await askHelper(helper, registry, signal);
  if (fromHelper) return fromHelper;
  const entry = config.inside('auths').inside(registry);
  const token = entry.text('identitytoken');
  if (token !== '') return { username: '', password: '', identitytoken: token, serveraddress: registry };
  const [username = '', ...password] = Buffer.from(entry.text('auth'), 'base64').toString().split(':');
  return username === '' ? undefined : { username, password: password.join(':'), serveraddress: registry };
}

/** The registry goes in by stdin, the secret comes out by stdout: neither stands in an argument list. */
async function askHelper(helper: string, registry: string, signal: AbortSignal): Promise<Login | undefined> {
  const program = `docker-credential-${helper}`;
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const result = await execa(program, ['get'], { input: registry, reject: false, timeout: 20_000, cancelSignal: signal });
  if (result.failed) {
    if (/credentials not found/i.test(`${result.stdout}${result.stderr}`)) return undefined;
    throw new EngineError('unauthorized', `${program} gave no login for ${registry}: ${result.stderr || result.shortMessage}`);
  }
  const answer = answerOf(parse(result.stdout), program);
  const [username, secret] = [answer.text('Username'), answer.text('Secret')];
  return username === '<token>'
    ? { username: '', password: '', identitytoken: secret, serveraddress: registry }
    : { username, password: secret, serveraddress: registry };
}

async function dockerConfig(): Promise<Answer | undefined> {
  const folder = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : answerOf(parse(text), 'docker’s config.json');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EngineError('unauthorized', 'The login for the registry cannot be read: it is not JSON', { cause: error });
  }
}
