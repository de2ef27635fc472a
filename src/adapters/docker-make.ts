import { dirname } from 'node:path/posix';
import type { InnerFile, Settings } from '../model/settings.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { ContainerOrder } from '../platform/engine.ts';
import { answerOf } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call } from './docker-call.ts';
import { connectNetwork, doing } from './docker-container.ts';
import { creationOf } from './docker-create.ts';
import { apiAtLeast } from './docker-facts.ts';
import { fullId } from './docker-inspect.ts';
import { containerLabels } from './docker-labels.ts';
import { tarEnd, tarHeader, tarPadding } from './docker-tar.ts';

/** Makes a container whole: created, attached to all its networks, with its inner files. What was made halfway is removed again. */
export async function makeContainer(link: Link, order: ContainerOrder, signal: AbortSignal): Promise<string> {
  const facts = await link.facts(signal);
  const labels = containerLabels(order, link.vault);
  const { options, later } = creationOf(order, { labels, severalNetworks: apiAtLeast(facts.apiVersion, 44), vault: link.vault });
  const id = await call({ what: `create container ${order.name}`, signal }, async (until) => {
    const { id: made } = await link.docker(until).createContainer(options);
    return fullId(answerOf({ Id: made }, 'created container'));
  });
  try {
    await mustBeKept(link, { id, settings: order.settings }, signal);
    await Promise.all(later.map(([network, attachment]) => connectNetwork(link, { network, container: id, attachment }, signal)));
    if (order.settings.files && order.settings.files.length > 0) await putFiles(link, { id, files: order.settings.files }, signal);
    return id;
  } catch (error) {
    const unsure = error instanceof EngineError && error.unknownOutcome;
    if (!unsure) await takeBack(link, id, Object.keys(order.inherits).length === 0);
    throw error;
  }
}

/**
 * Weights of block devices, which an engine discards with no more than a warning if the kernel has none (20.10 and 28), and of which
 * nothing it says beforehand tells.
 */
async function mustBeKept(
  link: Link,
  { id, settings }: { readonly id: string; readonly settings: Settings },
  signal: AbortSignal,
): Promise<void> {
  const weight = settings.resources?.blkio_weight ?? 0;
  const devices = Object.keys(settings.blkio_config?.weight_device ?? {}).length;
  if (weight === 0 && devices === 0) return;
  const host = (await ask.container(link, id, signal))?.inside('HostConfig');
  if (!host || (host.number('BlkioWeight') === weight && host.list('BlkioWeightDevice').length === devices)) return;
  throw new EngineError('refused', 'The kernel below the engine has no weights for block devices: take "weight" out of blkio_config');
}

// It never ran: its anonymous volumes are empty, unless it was given those of the container that it replaces
async function takeBack(link: Link, id: string, withVolumes: boolean): Promise<void> {
  const removal = call(
    { what: 'remove the container that could not be finished', signal: new AbortController().signal, withinMs: 15_000 },
    (until) => link.docker(until).getContainer(id).remove({ v: withVolumes, force: false }),
  );
  await removal.catch(() => undefined); // the first failure is the one to tell; what is left carries the run's label
}

interface Filling {
  readonly id: string;
  readonly files: readonly InnerFile[];
}

async function putFiles(link: Link, { id, files }: Filling, signal: AbortSignal): Promise<void> {
  const folders = [...new Set(files.flatMap(({ target }) => ancestors(target)))].sort();
  const missing = await Promise.all(folders.map((folder) => isMissing(link, { id, path: folder }, signal)));
  // The engine makes missing folders itself, but 20.10 so that only root may enter them
  const made = folders
    .filter((_, i) => missing[i])
    .map((path) => tarHeader({ path: path.slice(1), kind: 'folder', mode: 0o755, uid: 0, gid: 0, size: 0, modified: 0 }));
  const filled = files.map(({ target, content, uid, gid, mode }) => {
    const bytes = Buffer.from(link.vault.open(content));
    return Buffer.concat([
      tarHeader({ path: target.slice(1), kind: 'file', mode, uid, gid, size: bytes.length, modified: 0 }),
      bytes,
      tarPadding(bytes.length),
    ]);
  });
  await doing('put secrets and configs into the container', signal, (until) =>
    link
      .docker(until)
      .getContainer(id)
      .putArchive(Buffer.concat([...made, ...filled, tarEnd]), { path: '/' }),
  );
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === '/' ? [] : [...ancestors(parent), parent];
}

async function isMissing(link: Link, { id, path }: { readonly id: string; readonly path: string }, signal: AbortSignal): Promise<boolean> {
  try {
    await doing('look into the container', signal, (until) => link.docker(until).getContainer(id).infoArchive({ path }));
    return false;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return true;
    throw error;
  }
}
