import { parseBytes } from '../lib/bytes.ts';
import { fail, ok, type Result } from '../lib/result.ts';

export interface Tmpfs {
  readonly target: string;
  /** Bytes. */
  readonly size?: number;
  /** Permission bits. */
  readonly mode?: number;
  readonly read_only: boolean;
  /** Such as "noexec" and "uid=1000"; sorted, never empty. */
  readonly options?: readonly string[];
}

export interface TmpfsMisuse {
  readonly code: 'bad-tmpfs';
  readonly message: string;
}

/** Reads `PATH[:size=64m,mode=1777,noexec]`. */
export function parseTmpfs(text: string): Result<Tmpfs, TmpfsMisuse> {
  const [target = '', options = '', ...more] = text.split(':');
  if (!target.startsWith('/') || more.length > 0) return bad(`"${text}" is not a path in the container`);
  let result: Tmpfs = { target, read_only: false };
  for (const option of options === '' ? [] : options.split(',')) {
    const [name = '', value = ''] = option.split('=');
    const size = name === 'size' ? parseBytes(value) : undefined;
    const mode = name === 'mode' && /^[0-7]{1,5}$/.test(value) ? Number.parseInt(value, 8) : undefined;
    if (size !== undefined) result = { ...result, size };
    else if (mode !== undefined) result = { ...result, mode };
    else if (name === 'size' || name === 'mode') return bad(`"${value}" is not a ${name}`);
    else if (option === 'rw' || option === 'ro') result = { ...result, read_only: option === 'ro' };
    else if (others.test(option)) result = { ...result, options: [...new Set([...(result.options ?? []), option])].sort() };
    else return bad(`"${option}" is not an option of a tmpfs`);
  }
  return ok(result);
}

/** What Linux takes for a tmpfs, and Docker lets through, beside size and mode. */
const others =
  /^((no)?(exec|suid|dev|atime|diratime|relatime)|strictatime|a?sync|dirsync|(uid|gid)=\d+|nr_(inodes|blocks)=\d+[kmg]?|mpol=.+)$/;

const bad = (message: string): Result<never, TmpfsMisuse> => fail({ code: 'bad-tmpfs', message });
