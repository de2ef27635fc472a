import { parseBytes } from '../lib/bytes.ts';
import { fail, ok, type Result } from '../lib/result.ts';

export interface Tmpfs {
  readonly target: string;
  /** Bytes. */
  readonly size?: number;
  /** Permission bits. */
  readonly mode?: number;
}

export interface TmpfsMisuse {
  readonly code: 'bad-tmpfs' | 'key-not-supported';
  readonly message: string;
}

/** Reads `PATH[:size=64m,mode=1777]`. */
export function parseTmpfs(text: string): Result<Tmpfs, TmpfsMisuse> {
  const [target = '', options = '', ...more] = text.split(':');
  if (!target.startsWith('/') || more.length > 0) return fail({ code: 'bad-tmpfs', message: `"${text}" is not a path in the container` });
  let result: Tmpfs = { target };
  for (const option of options === '' ? [] : options.split(',')) {
    const [name = '', value = ''] = option.split('=');
    const size = name === 'size' ? parseBytes(value) : undefined;
    const mode = name === 'mode' && /^[0-7]{1,5}$/.test(value) ? Number.parseInt(value, 8) : undefined;
    if (size !== undefined) result = { ...result, size };
    else if (mode !== undefined) result = { ...result, mode };
    else if (name === 'size' || name === 'mode') return fail({ code: 'bad-tmpfs', message: `"${value}" is not a ${name}` });
    else if (name !== 'rw')
      return fail({ code: 'key-not-supported', message: `the tmpfs option "${name}" is not supported by this version yet` });
  }
  return ok(result);
}
