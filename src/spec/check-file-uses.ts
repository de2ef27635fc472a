import type { Complete } from './complete.ts';
import type { DeclaredFileUse, DeclaredService } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';
import { get } from '../lib/record.ts';

type At = (...path: readonly string[]) => Mark;

interface Use {
  readonly use: DeclaredFileUse;
  readonly at: (key: string) => Mark;
}

/**
 * Of how a service is given its secrets and configs: `no-effect`, a warning, for what a mounted file cannot have, and `bad-number` for
 * owners that a file that is put into the container cannot have.
 */
export const checkFileUses = ({ secrets: uses = [], configs = [] }: DeclaredService, stack: Complete, at: At): Finding[] =>
  Object.entries({ secrets: uses, configs }).flatMap(([section, each]) =>
    each.flatMap((use, i) => {
      const declared = get(stack[section as 'secrets' | 'configs'] ?? {}, use.source);
      const check = declared?.file === undefined ? owners : passedOver;
      return declared ? check({ use, at: (key) => at(section, String(i), key) }) : [];
    }),
  );

const passedOver = ({ use, at }: Use): Finding[] =>
  (['uid', 'gid', 'mode'] as const).flatMap((key): Finding[] => {
    if ((use[key] ?? '') === '') return [];
    const message = `"${key}" has no effect here: a file of the host is mounted as it is`;
    return [{ code: 'no-effect', severity: 'warning', message, mark: at(key), hint: 'set it on the file itself' }];
  });

/** What the header of a tar archive has room for: seven octal digits. */
const highestOwner = 0o7777777;

const owners = ({ use, at }: Use): Finding[] =>
  (['uid', 'gid'] as const).flatMap((key): Finding[] => {
    const value = use[key] ?? '';
    if (value === '' || (/^\d+$/.test(value) && Number(value) <= highestOwner)) return [];
    return [{ code: 'bad-number', message: `"${key}" must be a number from 0 to ${highestOwner}, not "${value}"`, mark: at(key) }];
  });
