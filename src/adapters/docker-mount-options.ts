import type { HostConfig } from 'dockerode';
import { fromEntries, get, mapValues } from '../lib/record.ts';
import { pinnedMounts } from '../model/images-of.ts';
import type { Mount } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { ContainerOrder } from '../platform/engine.ts';

/**
 * Named volumes and bind mounts go as Binds, as Compose sends them: the engine makes a missing source folder, which it does not for
 * Mounts. What Binds cannot say (tmpfs, anonymous, images, parts, a colon in a path) goes as Mounts, and a
 * tmpfs with options that Mounts do not have (before API 1.46) as Tmpfs.
 */
export function mountOptions(
  { settings, inherits, mountedImages = {} }: ContainerOrder,
  vault: Vault,
): Pick<HostConfig, 'Binds' | 'Mounts' | 'Tmpfs'> {
  const declared = pinnedMounts(settings.volumes ?? [], mountedImages);
  const fromImage = Object.keys(inherits)
    .filter((target) => !declared.some((mount) => mount.target === target))
    .map((target): Mount => ({ type: 'volume', source: '', target, read_only: false }));
  const memory = declared.filter(({ options }) => options !== undefined);
  const mounts = [...declared.filter((mount) => !fitsBind(mount) && mount.options === undefined), ...fromImage].map((mount) => ({
    Type: mount.type,
    Source: mount.source || (mount.type === 'volume' ? (get(inherits, mount.target) ?? '') : ''),
    Target: mount.target,
    ReadOnly: mount.read_only,
    ...kindOptions(mount, vault),
  }));
  // @types/dockerode (4.0.2) wants all options of a mount
  return {
    Binds: declared.filter(fitsBind).map(bindText),
    Mounts: mounts,
    ...(memory.length > 0 && { Tmpfs: fromEntries(memory.map((mount) => [mount.target, tmpfsText(mount)] as const)) }),
  };
}

function tmpfsText({ read_only, size, mode, options = [] }: Mount): string {
  const own = [read_only && 'ro', size !== undefined && `size=${size}`, mode !== undefined && `mode=${mode.toString(8)}`];
  return [...own.filter((each) => each !== false), ...options].join(',');
}

function fitsBind({ type, source, target, recursive, mustExist, subpath, labels }: Mount): boolean {
  if (type === 'tmpfs' || type === 'image' || source === '' || `${source}${target}`.includes(':')) return false;
  return recursive === undefined && !mustExist && subpath === undefined && labels === undefined;
}

function bindText({ source, target, read_only, selinux, propagation, nocopy }: Mount): string {
  const options = [read_only ? 'ro' : 'rw', selinux, propagation, nocopy && 'nocopy'].filter((each) => each !== undefined);
  return `${source}:${target}:${options.join(',')}`;
}

function kindOptions(mount: Mount, vault: Vault): object {
  const { type, size, mode, propagation, recursive, nocopy, subpath, labels } = mount;
  const part = subpath !== undefined && { Subpath: subpath };
  if (type === 'tmpfs') return { TmpfsOptions: { SizeBytes: size ?? 0, Mode: mode ?? 0 } };
  if (type === 'image') return part ? { ImageOptions: part } : {};
  if (type === 'volume') {
    const options = { ...(nocopy && { NoCopy: true }), ...part, ...(labels && { Labels: mapValues(labels, vault.open) }) };
    return Object.keys(options).length > 0 ? { VolumeOptions: options } : {};
  }
  const options = {
    ...(propagation !== undefined && { Propagation: propagation }),
    ...(recursive === 'disabled' && { NonRecursive: true }),
    ...(recursive === 'writable' && { ReadOnlyNonRecursive: true }),
    ...(recursive === 'readonly' && { ReadOnlyForceRecursive: true }),
  };
  return Object.keys(options).length > 0 ? { BindOptions: options } : {};
}
