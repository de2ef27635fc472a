import { values } from '../lib/record.ts';
import type { Observed, OtherContainer } from '../model/observed.ts';

/** Containers outside the stack that mount a volume, running or not. */
export const strangersOn = (volume: string, { others }: Observed): OtherContainer[] =>
  values(others).filter(({ volumes = [] }) => volumes.includes(volume));
