import { parseDuration } from '../lib/duration.ts';
import { get, mapValues, type ByName } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import type { Desired, PortPolicy, VolumeSpec } from '../model/desired.ts';
import { builtInHelperImage } from '../model/helper-image.ts';
import type { Place } from '../model/problem.ts';
import { byKey } from './by-key.ts';
import type { DeclaredPortPolicy } from './declared.ts';
import { volumeName } from './engine-names.ts';
import { backupPolicy } from './resolve-backup.ts';
import { dataRules } from './resolve-data.ts';
import type { MountSources } from './resolve-mounts.ts';
import { networkSpecs } from './resolve-network-specs.ts';
import { resolveService } from './resolve-service.ts';
import { textsOf } from './texts-of.ts';

export interface Resolving extends MountSources {
  /** The stack files, absolute. */
  readonly stackFiles: readonly string[];
  readonly places: ByName<Place>;
}

const defaultTimeoutMs = 10 * 60_000;

/** The complete stack as what is wanted of the machine. */
export function resolveStack(resolving: Resolving): Desired {
  const { stack, directory, stackFiles, places } = resolving;
  const options = stack['x-stack'];
  const rules = dataRules(stack);
  const timeoutMs = msOf(options?.timeout) ?? defaultTimeoutMs;
  return {
    stack: stack.name,
    files: stackFiles,
    workingDir: directory,
    timeoutMs,
    rollbackTimeoutMs: msOf(options?.rollback_timeout) ?? timeoutMs,
    services: mapValues(stack.services, (service, name) => resolveService(name, service, resolving)),
    inactiveServices: stack.inactive,
    networks: networkSpecs(resolving),
    volumes: volumesOf(resolving),
    ports: portPolicy(options?.ports),
    ...(rules && { dataRules: rules }),
    helperImage: builtInHelperImage,
    places,
  };
}

function volumesOf({ stack, vault }: Resolving): ByName<VolumeSpec> {
  const used = Object.values(stack.services).flatMap(({ volumes }) =>
    (volumes ?? []).flatMap(({ type, source }) => (type === 'volume' ? (source ?? []) : [])),
  );
  return byKey(used, (key) => {
    const volume = get(stack.volumes ?? {}, key);
    const { external = false, driver, driver_opts = {}, labels = {} } = volume ?? {};
    return present({
      name: volumeName(stack, key),
      key,
      external,
      driver,
      driverOptions: textsOf(driver_opts, vault),
      labels: textsOf(labels, vault),
      preventDestroy: volume?.['x-stack']?.prevent_destroy === true ? (true as const) : undefined,
      backup: backupPolicy(key, volume?.['x-stack']?.backup, { stack, vault }),
    });
  });
}

function portPolicy({ on_conflict = 'fail', reclaim = [] }: DeclaredPortPolicy = {}): PortPolicy {
  return {
    onConflict: on_conflict,
    reclaim: reclaim.map(({ command, user, grace }) => present({ command, user, graceMs: msOf(grace) ?? defaultGraceMs })),
  };
}

/** As long as an engine gives a container. */
const defaultGraceMs = 10_000;

const msOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseDuration(text));
