import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../lib/message-of.ts';
import { fromEntries, names, type ByName } from '../lib/record.ts';
import { EngineError } from '../platform/engine-error.ts';

interface Agent {
  readonly socket: string;
  close(): Promise<void>;
}

/** The sockets of SSH agents, by the id under which a Dockerfile asks for each. */
type Use<T> = (sockets: ByName<string>) => Promise<T>;

/**
 * Finds the SSH agents of a build: '' is that of whoever runs this (SSH_AUTH_SOCK), else the socket of an agent or the file of a private
 * key, for which an ssh-agent is started that holds it and nothing else, and ends with the use. Throws an EngineError that names what is
 * missing.
 */
export async function withAgents<T>(ssh: ByName<string>, signal: AbortSignal, use: Use<T>): Promise<T> {
  const opened: Agent[] = [];
  try {
    for (const id of names(ssh)) opened.push(await openAgent(ssh[id] ?? '', signal));
    return await use(fromEntries(names(ssh).map((id, i) => [id, opened[i]?.socket ?? ''] as const)));
  } finally {
    await Promise.all(opened.map((agent) => agent.close()));
  }
}

async function openAgent(path: string, signal: AbortSignal): Promise<Agent> {
  const own = path === '' ? (process.env['SSH_AUTH_SOCK'] ?? '') : path;
  if (own === '') throw refusal('there is no SSH agent: SSH_AUTH_SOCK is not set. Start one (ssh-agent) and give it a key (ssh-add)');
  const seen = await stat(own).catch((error: unknown) => {
    const whose = path === '' ? 'SSH_AUTH_SOCK names' : 'its "ssh" names';
    throw refusal(`${whose} ${own}, which cannot be read: ${messageOf(error)}`);
  });
  if (seen.isSocket()) return { socket: own, close: () => Promise.resolve() };
  if (!seen.isFile()) throw refusal(`its "ssh" names ${own}, which is neither the socket of an agent nor a file with a private key`);
  return agentWith(own, signal);
}

const refusal = (why: string): EngineError => new EngineError('refused', `The build is given SSH keys, and ${why}`);

/** OpenSSH's own agent reads every kind of key there is; it dies with this process, and with the build. */
async function agentWith(keyFile: string, signal: AbortSignal): Promise<Agent> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const folder = await mkdtemp(join(tmpdir(), 'stackctl-ssh-'));
  const socket = join(folder, 'agent');
  const agent = execa('ssh-agent', ['-D', '-a', socket], { reject: false, stdin: 'ignore', cancelSignal: signal });
  const close = async (): Promise<void> => {
    agent.kill();
    await agent;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // It prints where it listens as soon as it does
    const early = await Promise.race([agent, once(agent.stdout, 'data').then(() => undefined)]);
    if (early) throw refusal(`ssh-agent, which a key in a file needs, did not start: ${early.stderr || early.shortMessage}`);
    // From its input, so that the mode of the file is its owner's business; and nobody is asked for a passphrase
    const env = { SSH_AUTH_SOCK: socket, SSH_ASKPASS: 'false', SSH_ASKPASS_REQUIRE: 'force' };
    const added = await execa('ssh-add', ['-q', '-'], { inputFile: keyFile, env, reject: false, timeout: 20_000, cancelSignal: signal });
    if (added.failed) throw refusal(`the key in ${keyFile} cannot be used: ${added.stderr || added.shortMessage}. ${keyHint}`);
    return { socket, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const keyHint = 'A key with a passphrase is for an agent: ssh-add it there, and write "ssh: [default]"';
