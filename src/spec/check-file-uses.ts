import type { Complete } from './complete.ts';
import type { DeclaredService } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';
import { get } from '../lib/record.ts';

type At = (...path: readonly string[]) => Mark;

/** Of how a service is given its secrets and configs: warns of `no-effect`, for what a mounted file cannot have. */
export const checkFileUses = ({ secrets: uses = [], configs = [] }: DeclaredService, stack: Complete, at: At): Finding[] =>
  Object.entries({ secrets: uses, configs }).flatMap(([section, each]) =>
    each.flatMap((use, i) => {
      const declared = get(stack[section as 'secrets' | 'configs'] ?? {}, use.source);
      if (declared?.file === undefined) return [];
      return (['uid', 'gid', 'mode'] as const).flatMap((key): Finding[] => {
        if ((use[key] ?? '') === '') return [];
        const message = `"${key}" has no effect here: a file of the host is mounted as it is`;
        return [{ code: 'no-effect', severity: 'warning', message, mark: at(section, String(i), key), hint: 'set it on the file itself' }];
      });
    }),
  );
