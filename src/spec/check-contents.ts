import { names } from '../lib/record.ts';
import type { Complete } from './complete.ts';
import { contentKey } from './file-values.ts';
import type { Files } from './file-answer.ts';
import type { Lookup } from './interpolate.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';
import { buildUsesOf, usesOf } from './resolve-mounts.ts';
import { isProfile, profileUses } from './seccomp.ts';

export interface Contents extends Around {
  readonly files: Files;
  readonly markOf: (...path: readonly string[]) => Mark;
  readonly shown: (path: string) => string;
}

interface Around {
  readonly stack: Complete;
  /** What relative paths start from, absolute. */
  readonly directory: string;
  readonly lookup: Lookup;
}

/**
 * What a run needs and this machine lacks: `secret-file-missing`, `config-file-missing`, `…-unreadable`, and `…-variable-unset` for
 * those that come from the environment; `seccomp-file-…` and `bad-seccomp-profile`. The model can be printed without them.
 */
export const missingContents = (contents: Contents): Finding[] =>
  names(contents.stack.services).flatMap((name) => [...missingFiles(name, contents), ...missingProfiles(name, contents)]);

function missingProfiles(name: string, { stack, files, markOf, shown, ...around }: Contents): Finding[] {
  return profileUses(stack.services[name] ?? {}, around).flatMap(({ index, path, inline }): Finding[] => {
    const mark = markOf('services', name, 'security_opt', String(index));
    const answer = path === undefined ? ({ kind: 'text', text: inline ?? '' } as const) : (files.get(path) ?? { kind: 'missing' as const });
    const what = path === undefined ? 'the seccomp profile' : `the seccomp profile ${shown(path)}`;
    if (answer.kind === 'text') {
      if (isProfile(answer.text)) return [];
      return [{ code: 'bad-seccomp-profile', message: `${what} is not a JSON object`, mark, hint: profileHint }];
    }
    const why = answer.kind === 'missing' ? 'does not exist' : answer.why;
    return [{ code: `seccomp-file-${answer.kind}`, message: `${what} ${why}`, mark }];
  });
}

const profileHint = 'a profile begins with { "defaultAction": … }';

function missingFiles(name: string, { stack, files, lookup, markOf, shown }: Contents): Finding[] {
  return allUsesOf(stack.services[name] ?? {}, stack).flatMap(({ kind, use, declared }): Finding[] => {
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
  });
}

const allUsesOf: typeof usesOf = (service, stack) => [...usesOf(service, stack), ...buildUsesOf(service, stack)];

/** Files whose content counts: of secrets and configs, single files mounted read-only, and seccomp profiles. */
export function contentFilesOf({ stack, ...around }: Around): string[] {
  return Object.values(stack.services).flatMap((service) => [
    ...allUsesOf(service, stack).flatMap(({ declared }) => declared.file ?? []),
    ...profileUses(service, around).flatMap(({ path }) => path ?? []),
    ...(service.volumes ?? []).flatMap(({ type, source, read_only }) => (type === 'bind' && read_only === true ? (source ?? []) : [])),
  ]);
}
