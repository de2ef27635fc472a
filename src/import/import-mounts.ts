import { present } from '../lib/present.ts';
import type { Mount } from '../model/settings.ts';
import type { ImportingService } from './import-service.ts';
import { plain } from './writing.ts';

interface ImportedMounts {
  readonly volumes: readonly unknown[] | undefined;
  readonly tmpfs: readonly string[] | undefined;
}

/** The mounts of a container without the anonymous volumes that its image asks for. */
export function importMounts(mounts: readonly Mount[], importing: ImportingService): ImportedMounts {
  const own = mounts.filter(
    ({ type, source, target }) => !(type === 'volume' && source === '' && importing.image.volumes.includes(target)),
  );
  const volumes = own.filter(({ type }) => type !== 'tmpfs').map((mount) => volumeOf(mount, importing));
  const tmpfs = own.filter(({ type }) => type === 'tmpfs').map(tmpfsText);
  return { volumes: volumes.length > 0 ? volumes : undefined, tmpfs: tmpfs.length > 0 ? tmpfs : undefined };
}

/** In the short form where that says all of it. */
function volumeOf({ type, source, target, read_only }: Mount, { volumeKey }: ImportingService): unknown {
  const from = type === 'volume' && source !== '' ? volumeKey(source) : source;
  if (!`${from}${target}`.includes(':')) return plain([from, target, read_only ? 'ro' : ''].filter((part) => part !== '').join(':'));
  return present({ type, source: from === '' ? undefined : plain(from), target: plain(target), read_only: read_only || undefined });
}

function tmpfsText({ target, read_only, size, mode, options: own = [] }: Mount): string {
  const options = [read_only ? 'ro' : '', size ? `size=${size}` : '', mode ? `mode=${mode.toString(8)}` : '', ...own].filter(
    (option) => option !== '',
  );
  return [plain(target), options.join(',')].filter((part) => part !== '').join(':');
}
