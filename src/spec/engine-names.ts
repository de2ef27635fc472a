import { get } from '../lib/record.ts';
import type { Complete } from './complete.ts';

/** The engine's name of a network, by its key in the file. */
export function networkName(stack: Complete, key: string): string {
  const network = get(stack.networks ?? {}, key);
  return network?.name ?? (network?.external === true ? key : `${stack.name}_${key}`);
}

/** The engine's name of a volume, by its key in the file. */
export function volumeName(stack: Complete, key: string): string {
  const volume = get(stack.volumes ?? {}, key);
  return volume?.name ?? (volume?.external === true ? key : `${stack.name}_${key}`);
}
