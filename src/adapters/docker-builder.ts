import { IncomingMessage } from 'node:http';
import type { Builder } from '../model/builder.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { dial } from './docker-dial.ts';

/** Asks an engine what it builds images with; asks once only, when a build first needs to know. */
export function builderOf(docker: DockerUntil): (signal: AbortSignal) => Promise<Builder> {
  let known: Builder | undefined;
  return async (signal) => (known ??= await askBuilder(docker, signal));
}

/** The header of `/_ping` that says so: "2" is BuildKit. Older engines and Podman have none, or another. */
function askBuilder(docker: DockerUntil, signal: AbortSignal): Promise<Builder> {
  return call({ what: 'ask for the builder', signal, withinMs: lookMs }, async (until) => {
    // As a stream: of an answer that is read nothing but its body is given out
    const answer = await dial(docker(until), { path: '/_ping', method: 'GET', isStream: true });
    if (!(answer instanceof IncomingMessage)) return 'classic';
    answer.on('error', () => undefined).resume();
    return answer.headers['builder-version'] === '2' ? 'buildkit' : 'classic';
  });
}
