import { nearest } from '../lib/nearest.ts';
import { fail, ok, type Result } from '../lib/result.ts';

/** A mount in its short form. */
export interface ShortVolume {
  readonly type: 'volume' | 'bind';
  /** Absent for an anonymous volume. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly nocopy: boolean;
  readonly selinux?: string;
  readonly propagation?: string;
  /** Words after the last colon that mean nothing; the reference passes over them. */
  readonly unknown: readonly string[];
}

export interface VolumeMisuse {
  readonly code: 'bad-volume';
  readonly message: string;
  readonly hint?: string;
}

/** Options of Docker Desktop for Mac that mean nothing on Linux. */
const withoutEffect = new Set(['cached', 'delegated', 'consistent']);
const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/**
 * Reads `[SOURCE:]TARGET[:OPTIONS]` as the reference does: a source that begins with ".", "/" or "~" is a path of the host, one letter
 * before a colon is a Windows drive, and colons within `${…}` separate nothing.
 */
export function parseVolume(text: string): Result<ShortVolume, VolumeMisuse> {
  const parts = splitAtColons(text);
  if (text === '' || parts.includes('')) return bad(`"${text}" has an empty part`);
  const [first = '', second, options = '', ...more] = parts;
  if (more.length > 0) return bad(`"${text}" has too many colons`);
  if (second === undefined) return ok({ type: 'volume', target: first, readOnly: false, nocopy: false, unknown: [] });
  return ok({ type: isPath(first) ? 'bind' : 'volume', source: first, target: second, ...optionsOf(options) });
}

function optionsOf(text: string): Omit<ShortVolume, 'type' | 'source' | 'target'> {
  let options: Omit<ShortVolume, 'type' | 'source' | 'target'> = { readOnly: false, nocopy: false, unknown: [] };
  for (const option of text === '' ? [] : text.split(',')) {
    if (option === 'ro' || option === 'rw') options = { ...options, readOnly: option === 'ro' };
    else if (option === 'nocopy') options = { ...options, nocopy: true };
    else if (option === 'z' || option === 'Z') options = { ...options, selinux: option };
    else if (propagations.has(option)) options = { ...options, propagation: option };
    else if (!withoutEffect.has(option)) options = { ...options, unknown: [...options.unknown, option] };
  }
  return options;
}

/** What a person may have meant by an option that means nothing. */
export function optionHint(option: string): string {
  const near = nearest(option, ['ro', 'rw', 'nocopy', 'z', 'Z', ...propagations]);
  return near === undefined ? 'such as "ro" for read-only' : `did you mean "${near}"?`;
}

/** A colon after a single letter that begins a part belongs to a Windows drive. */
function splitAtColons(text: string): string[] {
  if (text.length <= 2) return [text];
  const parts = [''];
  let nesting = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    const last = parts.at(-1) ?? '';
    if (letter === '$' && text[i + 1] === '{') nesting++;
    if (letter === '}' && nesting > 0) nesting--;
    if (letter === ':' && nesting === 0 && !/^\p{L}$/u.test(last)) parts.push('');
    else parts[parts.length - 1] = last + letter;
  }
  return parts;
}

const isPath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);

const bad = (message: string, hint?: string): Result<never, VolumeMisuse> =>
  fail({ code: 'bad-volume', message, ...(hint !== undefined && { hint }) });
