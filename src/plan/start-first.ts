import type { WantedContainer } from '../model/desired.ts';
import { peerOf } from './services.ts';

/**
 * Whether the new container can run beside the old one: asked for with `order: start-first`, and neither a host port nor a volume
 * that it writes to stands in the way.
 */
export const startsFirst = (want: WantedContainer): boolean =>
  want.service.update.order === 'start-first' && whyNotStartFirst(want) === undefined;

/** What stands in the way of running old and new side by side. */
export function whyNotStartFirst({ service }: WantedContainer): string | undefined {
  const { ports = [], volumes = [], network_mode } = service.settings;
  if (ports.some(({ published }) => published !== '')) return 'it publishes a host port';
  if (network_mode === 'host') return 'it uses the host network';
  if (peerOf(network_mode)) return 'it shares the network of another service';
  if (volumes.some(({ type, read_only, source }) => type !== 'tmpfs' && !read_only && source !== '')) return 'it writes to a volume';
  return undefined;
}
