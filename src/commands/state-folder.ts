import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';

/** Where the journals of a stack lie: one folder for each engine, so that the same stack may stand on several. */
export const stateFolder = (stateDir: string, { engine, stack }: Pick<Plan, 'engine' | 'stack'>): string =>
  join(stateDir, engine.replace(/[^A-Za-z0-9]/g, '').slice(0, 32), stack);
