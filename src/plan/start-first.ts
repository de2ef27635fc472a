import type { FieldDiff } from '../model/change.ts';
import type { WantedContainer } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import { sharesOf, type Share } from '../model/shares.ts';

interface Replacement {
  readonly want: WantedContainer;
  readonly have: SeenContainer;
  readonly leaves?: readonly string[];
  readonly frees?: readonly string[];
  readonly fields?: readonly FieldDiff[];
}

/**
 * Whether the new container can run beside the old one: asked for with `order: start-first`, and neither a host port nor a volume
 * that it writes to stands in the way.
 */
export const startsFirst = (replacement: Replacement): boolean =>
  replacement.want.service.update.order === 'start-first' && whyNotStartFirst(replacement) === undefined;

/** What stands in the way of running old and new side by side. */
export function whyNotStartFirst({ want, have, leaves = [], frees = [], fields = [] }: Replacement): string | undefined {
  const { service, replica } = want;
  const { ports = [], volumes = [], network_mode } = service.settings;
  if (leaves.length > 0) return 'a network that it is on is made anew';
  if (frees.length > 0) return 'a volume that it mounts is made anew';
  if (fields.some(({ mend }) => mend === 'standstill' || mend === 'pause')) return 'work is done in a volume of it meanwhile';
  if (have.name !== replica.name) return 'its container gets another name';
  if (ports.some(({ published }) => published !== '')) return 'it publishes a host port';
  if (network_mode === 'host') return 'it uses the host network';
  const [share] = sharesOf(service.settings);
  if (share) return `it shares the ${shared[share.field]} of another ${share.of}`;
  if (volumes.some(({ type, read_only, source }) => type !== 'tmpfs' && !read_only && source !== '')) return 'it writes to a volume';
  return undefined;
}

const shared: { readonly [field in Share['field']]: string } = {
  network_mode: 'network',
  pid: 'processes',
  ipc: 'memory',
  volumes_from: 'volumes',
};
