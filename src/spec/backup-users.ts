import type { Complete } from './complete.ts';

/** The services that can write to a volume, by its key. */
export const writersOf = (key: string, { services }: Pick<Complete, 'services'>): string[] =>
  Object.entries(services).flatMap(([name, { volumes = [] }]) =>
    volumes.some(({ type, source, read_only }) => type === 'volume' && source === key && read_only !== true) ? [name] : [],
  );
