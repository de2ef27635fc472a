import { plainOptions, type PlanOptions } from '../plan/options.ts';
import type { Invocation } from './command.ts';

/** What the flags ask of a plan. Positionals are services too, but for the plan file of `apply` and the number of `rollback`. */
export function planOptions({ flags, positionals, calledAs }: Invocation): PlanOptions {
  const services = ['apply', 'rollback'].includes(calledAs) ? [] : positionals;
  return {
    ...plainOptions,
    targets: [...flags.target, ...services],
    noDependencies: flags.noDeps,
    build: flags.build,
    pull: flags.pull === 'always',
    forceRecreate: flags.forceRecreate,
    removeOrphans: flags.removeOrphans,
    allowDestroy: flags.allowDestroy,
    ...(flags.volumes && { volumes: true as const }),
    ...(flags.stopTimeout !== undefined && { stopGraceMs: flags.stopTimeout }),
  };
}
