import type { Settings } from './settings.ts';

/** The engine's names of the volumes that a container with these settings can write to; those that it has from others are not among them. */
export const writableVolumes = ({ volumes = [] }: Pick<Settings, 'volumes'>): string[] =>
  volumes.filter(({ type, source, read_only }) => type === 'volume' && source !== '' && !read_only).map(({ source }) => source);
