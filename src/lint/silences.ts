import { names } from '../lib/record.ts';
import type { Declared, Silences } from '../spec/declared.ts';

/** A rule that is silent by `x-stack.lint`, for one service or for the whole stack. */
export interface Silence {
  readonly rule: string;
  /** Empty: none is given. */
  readonly reason: string;
  /** Absent: the whole stack. */
  readonly service?: string;
  readonly path: readonly string[];
}

/** All silences of a stack, those of services first: the narrower one counts. */
export function silencesOf(declared: Declared): Silence[] {
  const { services = {}, 'x-stack': options } = declared;
  return [
    ...names(services).flatMap((service) =>
      silences(services[service]?.['x-stack']?.lint ?? {}, ['services', service]).map((silence) => ({ ...silence, service })),
    ),
    ...silences(options?.lint ?? {}, []),
  ];
}

const silences = (lint: Silences, above: readonly string[]): Silence[] =>
  names(lint).map((rule) => ({ rule, reason: (lint[rule] ?? '').trim(), path: [...above, 'x-stack', 'lint', rule] }));
