import type { Scalar } from './node.ts';

/** What an unquoted scalar means, and how Go prints it. */
export interface ReadScalar {
  readonly value: Scalar;
  readonly text: string;
  readonly date?: true;
  readonly float?: true;
}

const words = new Map<string, Scalar>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

const infinities = new Map([
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, '+Inf'] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, '-Inf'] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, 'NaN'] as const),
]);

const date = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ]\s*\d)/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * Reads an unquoted scalar as go-yaml v3 does (`resolve.go`), which is what the reference reads stack files with: "yes" is text,
 * 010 is 8, 0o10 too, 08 is the float 8, 1_000 is 1000, and an unquoted date is no text.
 */
export function readScalar(source: string): ReadScalar {
  const word = words.get(source);
  if (word !== undefined) return { value: word, text: String(word ?? '') };
  const odd = infinities.get(source);
  if (odd !== undefined) return { value: odd, text: odd };
  if (!/^[-+.\d]/.test(source)) return { value: source, text: source };
  if (date.test(source)) return { value: source, text: source, date: true };
  const plain = source.startsWith('.') ? source : source.replaceAll('_', '');
  const whole = wholeNumber(plain);
  if (whole !== undefined) return { value: Number(whole), text: String(whole) };
  const value = Number(plain);
  if (float.test(plain) && Number.isFinite(value)) return { value, text: floatText(value), float: true };
  return { value: source, text: source };
}

/** A 64-bit integer in any of Go's spellings. */
function wholeNumber(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9]\d*)$/.exec(text) ?? [];
  if (digits === '' || /^0[oO]$/.test(digits)) return undefined;
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  if (magnitude >= 2n ** 64n || (sign === '-' && magnitude > 2n ** 63n)) return undefined;
  return sign === '-' ? -magnitude : magnitude;
}

/** As Go's `%v`: shortest digits, with an exponent from 1e6 on and below 0.0001. */
function floatText(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (Object.is(value, -0)) return '-0';
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
