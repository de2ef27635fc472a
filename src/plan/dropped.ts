import type { EngineFacts } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { At } from './place.ts';

/** Whether the engine drops this field, or all below a name that it begins with. */
export const isDropped = (path: string, { drops }: EngineFacts): boolean =>
  drops.some((drop) => path === drop || path.startsWith(`${drop}.`));

/** What to tell people of something that this engine cannot do. */
export const droppedProblem = (what: string, { kind, version, apiVersion }: EngineFacts, at: At): Problem => ({
  code: 'dropped-by-engine',
  severity: 'error',
  message: `${what} has no effect: this engine (${kind} ${version}, API ${apiVersion}) drops it`,
  ...at,
  hint: 'take it out, or use a newer engine',
});
