import { get, names } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';

/** A Problem for each of these names that is no active service of the stack. */
export function unknownServices(named: readonly string[], { services }: Desired): Problem[] {
  const hint = `the stack has: ${names(services).join(', ')}`;
  return named
    .filter((name) => !get(services, name))
    .map((name) => ({ code: 'unknown-service', severity: 'error', message: `there is no service ${name}`, hint }));
}
