import { fail, ok, type Result } from './result.ts';

/** One step of a change of permission bits, applied to what the step before it left. */
export interface ModeClause {
  /** The bits that it speaks of. */
  readonly mask: number;
  readonly op: '=' | '+' | '-';
  readonly bits: number;
  /** "X": execution too, for folders and for what somebody may execute already. */
  readonly ifExecutable: boolean;
  /** The permissions that another class has now, in place of bits. */
  readonly copy?: 'u' | 'g' | 'o';
  /** Whether set-user-ID and set-group-ID are spoken of: where not, a folder keeps its own. */
  readonly setId: boolean;
}

const setIdBits = 0o6000;

/**
 * Reads a mode as chmod takes it: octal digits, or clauses such as "u=rwX,g=rX,o=". Who is meant must be said, because what chmod does
 * without it depends on a umask. The error says what is wrong with the text.
 */
export function parseFileMode(text: string): Result<readonly ModeClause[], string> {
  if (/^[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    if (bits > 0o7777) return fail(`"${text}" is more than 7777`);
    return ok([{ mask: 0o7777, op: '=', bits, ifExecutable: false, setId: text.length > 4 || (bits & setIdBits) !== 0 }]);
  }
  const clauses: ModeClause[] = [];
  for (const part of text.split(',')) {
    const [, who = '', changes = ''] = /^([ugoa]+)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(part) ?? [];
    if (who === '') return fail(`"${part}" is no part of a mode`);
    for (const [, op, what = ''] of changes.matchAll(/([-+=])([^-+=]*)/g)) clauses.push(clauseOf(who, op as ModeClause['op'], what));
  }
  return ok(clauses);
}

const masks = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 } as const;
const permissions = { r: 0o444, w: 0o222, x: 0o111, s: setIdBits, t: 0o1000 } as const;

function clauseOf(who: string, op: ModeClause['op'], what: string): ModeClause {
  const mask = Object.entries(masks).reduce((bits, [letter, own]) => (who.includes(letter) ? bits | own : bits), 0);
  const clause = { mask, op, ifExecutable: what.includes('X'), setId: what.includes('s') };
  if (/^[ugo]$/.test(what)) return { ...clause, bits: 0, copy: what as 'u' | 'g' | 'o' };
  const bits = Object.entries(permissions).reduce((all, [letter, own]) => (what.includes(letter) ? all | own : all), 0);
  return { ...clause, bits: bits & mask };
}

/** The bits that a file or folder has after all clauses. */
export const withMode = (clauses: readonly ModeClause[], mode: number, isFolder: boolean): number =>
  clauses.reduce((now, clause) => applied(clause, now, isFolder), mode);

const shifts = { u: 6, g: 3, o: 0 } as const;

function applied({ mask, op, bits, ifExecutable, copy, setId }: ModeClause, now: number, isFolder: boolean): number {
  const executes = ifExecutable && (isFolder || (now & 0o111) !== 0) ? 0o111 & mask : 0;
  const copied = copy === undefined ? 0 : (((now >> shifts[copy]) & 7) * 0o111) & mask;
  const value = bits | executes | copied;
  if (op === '+') return now | value;
  if (op === '-') return now & ~value;
  const kept = isFolder && !setId ? setIdBits : 0;
  return (now & ~(mask & ~kept)) | value;
}
