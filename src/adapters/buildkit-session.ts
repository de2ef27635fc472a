import { randomUUID } from 'node:crypto';
import { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { get, type ByName } from '../lib/record.ts';
import { readMessage, writeField } from '../lib/protobuf.ts';
import type { Text } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import { dial } from './docker-dial.ts';
import { loginAtHost } from './docker-login.ts';
import { serveGrpc, type GrpcServer, type GrpcService, type GrpcStream } from './grpc-server.ts';
import { forwardAgent } from './ssh-forward.ts';

/** What BuildKit may ask for while it builds. */
export interface Asked {
  /** By the id under which the Dockerfile asks for each. */
  readonly secrets: ByName<Text>;
  /** The sockets of SSH agents, likewise. */
  readonly agents: ByName<string>;
  readonly vault: Vault;
  readonly signal: AbortSignal;
}

export interface Session extends GrpcServer {
  readonly id: string;
}

/**
 * Opens a session of BuildKit: a connection on which the engine asks this end for logins, secrets and SSH keys while it builds, each when
 * it needs it. Services are those of moby/buildkit: auth.proto, secrets.proto and ssh.proto below session/.
 */
export async function openSession(docker: Docker, asked: Asked): Promise<Session> {
  const id = randomUUID();
  const service = serviceFor(asked);
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'stackctl',
    'X-Docker-Expose-Session-Grpc-Method': [...Object.keys(service.methods), ...Object.keys(service.streams ?? {})],
  };
  // Without dockerode's "hijack", which would send the end of an empty body into the new connection
  const socket = await dial(docker, { path: '/session', method: 'POST', headers });
  if (!(socket instanceof Duplex)) throw new EngineError('garbled', 'The engine offers BuildKit, but opens no session for a build');
  return { id, ...serveGrpc(socket, service) };
}

const serving = Uint8Array.of(0x08, 0x01); // HealthCheckResponse: status SERVING

function serviceFor({ secrets, agents, vault, signal }: Asked): GrpcService {
  const methods: GrpcService['methods'] = {
    // Asked every few seconds; an engine gives up a session that does not answer twice
    '/grpc.health.v1.Health/Check': () => Promise.resolve(serving),
    '/moby.filesync.v1.Auth/Credentials': async (request) => {
      const login = await loginAtHost(readMessage(request).text(1), signal);
      // A token goes without a name, and the engine makes an access token of it
      return Buffer.concat([writeField(1, login?.username ?? ''), writeField(2, login?.identitytoken ?? login?.password ?? '')]);
    },
    '/moby.buildkit.secrets.v1.Secrets/GetSecret': (request) => {
      const secret = get(secrets, readMessage(request).text(1));
      return Promise.resolve(secret === undefined ? undefined : writeField(1, vault.open(secret)));
    },
  };
  if (Object.keys(agents).length === 0) return { methods };
  const socketOf = (id: string): string | undefined => get(agents, id === '' ? 'default' : id);
  return {
    methods: {
      ...methods,
      '/moby.sshforward.v1.SSH/CheckAgent': (request) =>
        Promise.resolve(socketOf(readMessage(request).text(1)) === undefined ? undefined : new Uint8Array()),
    },
    streams: { '/moby.sshforward.v1.SSH/ForwardAgent': forwarding(socketOf) },
  };
}

/** Each message is a piece of what goes to the agent, or comes from it. */
const forwarding = (socketOf: (id: string) => string | undefined): GrpcStream =>
  async function* (requests, said) {
    const socket = socketOf(said('buildkit.ssh.id'));
    if (socket === undefined) throw new Error('no such SSH agent');
    for await (const answer of forwardAgent(socket, dataOf(requests))) yield writeField(1, answer);
  };

async function* dataOf(messages: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const message of messages) yield readMessage(message).bytes(1);
}
