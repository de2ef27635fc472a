import { durationText } from '../lib/duration.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes as people write them, "64 MiB", never rounded: two sizes that differ never look the same. */
export function sizeText(bytes: number): string {
  for (let power = units.length - 1; power > 0; power--) {
    const amount = Math.round((bytes / 1024 ** power) * 100) / 100;
    if (amount >= 1 && amount * 1024 ** power === bytes) return `${amount} ${units[power] ?? ''}`;
  }
  return `${bytes} B`;
}

/** A declared duration, "10m", "1m30s". */
export const shortDuration = (ms: number): string => durationText(ms).replace(/m0s$/, 'm').replace(/h0m$/, 'h');

/** How long something took: "20 ms", "0.4 s", "12 s", "2 min 5 s". */
export function tookText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 95) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
