import { names } from '../lib/record.ts';
import type { Complete } from './complete.ts';
import { contentKey } from './file-values.ts';
import type { Files } from './file-answer.ts';
import type { Lookup } from './interpolate.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';
import { buildUsesOf, usesOf } from './resolve-mounts.ts';

export interface Contents {
  readonly stack: Complete;
  readonly files: Files;
  readonly lookup: Lookup;
  readonly markOf: (...path: readonly string[]) => Mark;
  readonly shown: (path: string) => string;
}

/**
 * What a run needs and this machine lacks: `secret-file-missing`, `config-file-missing`, `…-unreadable`, and `…-variable-unset` for
 * those that come from the environment. The model can be printed without them.
 */
export function missingContents({ stack, files, lookup, markOf, shown }: Contents): Finding[] {
  return names(stack.services).flatMap((name) =>
    allUsesOf(stack.services[name] ?? {}, stack).flatMap(({ kind, use, declared }): Finding[] => {
      const section = `${kind}s`;
      if (declared.environment !== undefined && (declared[contentKey] ?? lookup(declared.environment)) === undefined) {
        const message = `the ${kind} "${use.source}" comes from the variable "${declared.environment}", which is not set`;
        return [{ code: `${kind}-variable-unset`, message, mark: markOf(section, use.source, 'environment') }];
      }
      const answer = declared.file === undefined ? undefined : (files.get(declared.file) ?? { kind: 'missing' as const });
      if (declared.file === undefined || !answer || answer.kind === 'text') return [];
      const why = answer.kind === 'missing' ? 'does not exist' : answer.why;
      const message = `the file of the ${kind} "${use.source}", ${shown(declared.file)}, ${why}`;
      return [{ code: `${kind}-file-${answer.kind}`, message, mark: markOf(section, use.source, 'file') }];
    }),
  );
}

const allUsesOf: typeof usesOf = (service, stack) => [...usesOf(service, stack), ...buildUsesOf(service, stack)];

/** Files whose content counts: of secrets and configs, and single files mounted read-only. */
export function contentFilesOf(stack: Complete): string[] {
  return Object.values(stack.services).flatMap((service) => [
    ...allUsesOf(service, stack).flatMap(({ declared }) => declared.file ?? []),
    ...(service.volumes ?? []).flatMap(({ type, source, read_only }) => (type === 'bind' && read_only === true ? (source ?? []) : [])),
  ]);
}
