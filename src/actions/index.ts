import type { Action } from '../model/action.ts';
import { containerCreate, containerRemove } from './container-create.ts';
import { containerRename } from './container-rename.ts';
import { containerPause, containerStart, containerStop, containerUnpause } from './container-start.ts';
import { containerRestart, containerSignal, containerUpdate } from './container-update.ts';
import type { ActionDefinition } from './define.ts';
import { imageBuild } from './image-build.ts';
import { imagePull } from './image-pull.ts';
import { networkConnect, networkDisconnect } from './network-connect.ts';
import { networkCreate, networkRemove } from './network-create.ts';
import { processEnd } from './process-end.ts';
import { serviceAwait } from './service-await.ts';
import { volumeBackup } from './volume-backup.ts';
import { volumeCreate, volumeDiscard } from './volume-create.ts';
import { volumeFill } from './volume-fill.ts';
import { volumeExchange } from './volume-exchange.ts';
import { volumeRemove } from './volume-remove.ts';
import { volumeKeep } from './volume-keep.ts';
import { volumeRewind } from './volume-rewind.ts';
import { volumeRoom } from './volume-room.ts';
import { volumeDisown, volumeOwn } from './volume-own.ts';
import { volumePutBackFiles, volumeRemoveFiles } from './volume-remove-files.ts';

/** Every kind of action there is. A new kind is one new file and one new line here. */
const actionKinds = [
  containerCreate,
  containerRemove,
  containerRename,
  containerStart,
  containerStop,
  containerPause,
  containerUnpause,
  containerUpdate,
  containerRestart,
  containerSignal,
  imageBuild,
  imagePull,
  networkConnect,
  networkDisconnect,
  networkCreate,
  networkRemove,
  processEnd,
  serviceAwait,
  volumeBackup,
  volumeCreate,
  volumeDiscard,
  volumeExchange,
  volumeFill,
  volumeRemove,
  volumeKeep,
  volumeRewind,
  volumeRoom,
  volumeOwn,
  volumeDisown,
  volumeRemoveFiles,
  volumePutBackFiles,
] as const;

const byKind = new Map<string, ActionDefinition<unknown>>(actionKinds.map((each) => [each.kind, each]));

/** What an action means. Throws for a kind that there is not: a plan of another version, or a bug. */
export function definitionOf(action: Action): ActionDefinition<unknown> {
  const definition = byKind.get(action.kind);
  if (!definition) throw new Error(`No action kind is called "${action.kind}"`);
  return definition;
}
