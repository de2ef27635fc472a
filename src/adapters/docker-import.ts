import type { Observed } from '../model/observed.ts';
import type { Vault } from '../model/vault.ts';
import type { FileInside, ImportableContainer, ImportReader } from '../platform/importable.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { dockerClient } from './docker-client.ts';
import { addressOf, type Connection } from './docker-connect.ts';
import { factsOf } from './docker-facts.ts';
import { ownership } from './docker-inspect.ts';
import { labelNames, sensitiveFrom } from './docker-labels.ts';
import { look } from './docker-look.ts';
import { bytesOf, tarEntries } from './tar-reader.ts';
import { EngineError } from '../platform/engine-error.ts';
import { get } from '../lib/record.ts';

/** Reads what an import needs from the engine behind that connection. */
export function dockerImportReader(connection: Connection, vault: Vault): ImportReader {
  const docker = dockerClient(connection);
  const facts = factsOf(docker, addressOf(connection));
  const link: Link = { docker, vault, facts, containers: (signal) => ask.containers({ docker }, signal) };
  return {
    containers: (signal) => importableContainers(link, signal),
    stack: (stack, signal) => wholeStack(link, stack, signal),
    filesInside: async (id, paths, signal) => (await Promise.all(paths.map((path) => fileInside(link, { id, path }, signal)))).flat(),
  };
}

async function importableContainers(link: Link, signal: AbortSignal): Promise<readonly ImportableContainer[]> {
  const rows = await ask.containers(link, signal);
  return rows.map((row) => {
    const labels = row.textMap('Labels');
    const owner = ownership(labels);
    return {
      id: row.mustText('Id'),
      names: row.texts('Names').map((name) => name.slice(1)),
      ...(owner && { stack: owner.stack, service: owner.service }),
      dependsOn: get(labels, labelNames.dependsOn) ?? '',
    };
  });
}

/** The first look says which images, networks and volumes the containers use, also those of somebody else; the second one has them. */
async function wholeStack(link: Link, stack: string, signal: AbortSignal): Promise<Observed> {
  const rows = await link.containers(signal);
  // Before anything of them is read: what only their stack file called sensitive
  link.vault.hide(rows.flatMap((row) => (ownership(row.textMap('Labels'))?.stack === stack ? sensitiveFrom(row.textMap('Labels')) : [])));
  const first = await look(link, { stack, images: [], networks: [], volumes: [] }, signal);
  const settings = Object.values(first.containers).map((container) => container.settings);
  const images = [...new Set(settings.map(({ image }) => image))];
  const networks = [...new Set(settings.flatMap((each) => Object.keys(each.networks ?? {})))];
  const volumes = settings.flatMap((each) =>
    (each.volumes ?? []).flatMap(({ type, source }) => (type === 'volume' && source !== '' ? [source] : [])),
  );
  return look(link, { stack, images, networks, volumes: [...new Set(volumes)] }, signal);
}

/** More than a secret or config may have. */
const largestFile = 1024 * 1024;

async function fileInside(
  link: Link,
  { id, path }: { readonly id: string; readonly path: string },
  signal: AbortSignal,
): Promise<FileInside[]> {
  try {
    return await call({ what: `read ${path} of container ${id.slice(0, 12)}`, signal, withinMs: lookMs }, async (until) => {
      for await (const { content, kind, mode, uid, gid } of tarEntries(
        bytesOf(await link.docker(until).getContainer(id).getArchive({ path })),
      )) {
        const bytes = kind === 'file' ? await textOf(content) : undefined;
        const sealed = bytes !== undefined && path.startsWith('/run/secrets/') ? link.vault.seal(bytes) : undefined;
        return bytes === undefined ? [] : [{ target: path, content: sealed ?? link.vault.text(path, bytes), mode, uid, gid }];
      }
      return [];
    });
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return [];
    throw error;
  }
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > largestFile) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
