import type { EngineFacts } from '../model/observed.ts';

/** Whether the engine drops this field, or all below a name that it begins with. */
export const isDropped = (path: string, { drops }: EngineFacts): boolean =>
  drops.some((drop) => path === drop || path.startsWith(`${drop}.`));
