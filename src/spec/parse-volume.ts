import { nearest } from '../lib/nearest.ts';
import { fail, ok, type Result } from '../lib/result.ts';

/** What the short form of a mount says, before paths are made absolute. */
export interface ShortVolume {
  readonly type: 'volume' | 'bind';
  /** Absent: an anonymous volume. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What is wrong with it. */
export interface VolumeMisuse {
  readonly code: 'bad-volume' | 'key-not-supported';
  readonly message: string;
  readonly hint?: string;
}

/** Options that mean nothing on Linux, as in the reference. */
const withoutEffect = new Set(['cached', 'delegated', 'consistent']);
const laterOptions = new Set(['z', 'Z', 'nocopy', 'rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/**
 * Reads `[SOURCE:]TARGET[:OPTIONS]` as the reference does: a source that begins with ".", "/" or "~" is a path of the host, and one
 * letter before a colon is a Windows drive.
 */
export function parseVolume(text: string): Result<ShortVolume, VolumeMisuse> {
  const parts = splitAtColons(text);
  if (text === '' || parts.includes('')) return bad(`"${text}" has an empty part`);
  const [first = '', second, options = '', ...more] = parts;
  if (more.length > 0) return bad(`"${text}" has too many colons`);
  if (second === undefined) return ok({ type: 'volume', target: first, readOnly: false });
  const parsed = parseOptions(options);
  if (!parsed.ok) return parsed;
  return ok({ type: isPath(first) ? 'bind' : 'volume', source: first, target: second, readOnly: parsed.value });
}

function parseOptions(text: string): Result<boolean, VolumeMisuse> {
  let readOnly = false;
  for (const option of text === '' ? [] : text.split(',')) {
    if (option === 'ro' || option === 'rw') readOnly = option === 'ro';
    else if (laterOptions.has(option))
      return fail({ code: 'key-not-supported', message: `"${option}" is not supported by this version yet` });
    else if (!withoutEffect.has(option)) {
      const near = nearest(option, ['ro', 'rw', ...laterOptions]);
      return bad(`"${option}" is not an option of a mount`, near === undefined ? 'such as "ro" for read-only' : `did you mean "${near}"?`);
    }
  }
  return ok(readOnly);
}

/** A colon after a single letter that begins a part belongs to a Windows drive. */
function splitAtColons(text: string): string[] {
  if (text.length <= 2) return [text];
  const parts = [''];
  for (const letter of text) {
    const last = parts.at(-1) ?? '';
    if (letter === ':' && !/^\p{L}$/u.test(last)) parts.push('');
    else parts[parts.length - 1] = last + letter;
  }
  return parts;
}

const isPath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);

const bad = (message: string, hint?: string): Result<never, VolumeMisuse> =>
  fail({ code: 'bad-volume', message, ...(hint !== undefined && { hint }) });
