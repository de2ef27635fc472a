import { get, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { FlagValues } from './flags.ts';

/** The stack with the numbers of containers that `--scale` asks for; Problems for services that are not there or have a name of their own. */
export function withScale(desired: Desired, scale: FlagValues['scale']): Result<Desired, readonly Problem[]> {
  const problems = scale.flatMap(({ service, count }) => problemsOf(service, count, desired));
  if (problems.length > 0) return fail(problems);
  const scaled = scale.map(({ service, count }): readonly [string, ServiceSpec] => [
    service,
    scaledTo(count, get(desired.services, service)!, desired.stack),
  ]);
  return ok({ ...desired, services: { ...desired.services, ...Object.fromEntries(scaled) } });
}

function problemsOf(name: string, count: number, { services }: Desired): Problem[] {
  const service = get(services, name);
  const problem = (message: string, hint: string): Problem[] => [{ code: 'bad-scale', severity: 'error', message, hint }];
  if (!service) return problem(`--scale: there is no service ${name}`, `the stack has: ${names(services).join(', ')}`);
  if (count > 1 && service.settings.container_name !== undefined) {
    return problem(`--scale: ${name} has a container_name, so there can be only one of it`, 'take the container_name out of the file');
  }
  return [];
}

const scaledTo = (count: number, service: ServiceSpec, stack: string): ServiceSpec => ({
  ...service,
  replicas: Array.from({ length: count }, (_, i) => service.replicas[i] ?? { number: i + 1, name: `${stack}-${service.name}-${i + 1}` }),
});
