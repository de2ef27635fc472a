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
import { serveGrpc, type GrpcMethod, type GrpcServer } from './grpc-server.ts';

/** What BuildKit may ask for while it builds. */
export interface Asked {
  /** By the id under which the Dockerfile asks for each. */
  readonly secrets: ByName<Text>;
  readonly vault: Vault;
  readonly signal: AbortSignal;
}

export interface Session extends GrpcServer {
  readonly id: string;
}

/**
 * Opens a session of BuildKit: a connection on which the engine asks this end for logins and secrets while it builds, each when it needs
 * it. Services are those of moby/buildkit, session/auth/auth.proto and session/secrets/secrets.proto.
 */
export async function openSession(docker: Docker, asked: Asked): Promise<Session> {
  const id = randomUUID();
  const methods = methodsFor(asked);
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'stackctl',
    'X-Docker-Expose-Session-Grpc-Method': Object.keys(methods),
  };
  // Without dockerode's "hijack", which would send the end of an empty body into the new connection
  const socket = await dial(docker, { path: '/session', method: 'POST', headers });
  if (!(socket instanceof Duplex)) throw new EngineError('garbled', 'The engine offers BuildKit, but opens no session for a build');
  return { id, ...serveGrpc(socket, methods) };
}

const serving = Uint8Array.of(0x08, 0x01); // HealthCheckResponse: status SERVING

function methodsFor({ secrets, vault, signal }: Asked): ByName<GrpcMethod> {
  return {
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
}
