import { fail, ok, type Result } from '../lib/result.ts';

/** The value of a variable; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

/** What is wrong with a text that names variables. */
export interface Misuse {
  readonly code: 'interpolation-syntax' | 'variable-required';
  readonly message: string;
  readonly hint?: string;
}

export interface Interpolated {
  readonly text: string;
  /** Variables that were read without a default and are not set. */
  readonly unset: readonly string[];
}

const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const operator = /:?[-?+]/y;
/** Defaults within defaults, of one value. */
const maxNesting = 50;

/**
 * Puts the values of variables into a text, by the forms of the Compose Specification: `$X`, `${X}`, `${X:-d}`, `${X-d}`, `${X:?e}`,
 * `${X?e}`, `${X:+r}`, `${X+r}`, nested, and `$$` for a dollar sign. A `$` before anything else stays, as in the reference.
 */
export function interpolate(text: string, lookup: Lookup, nesting = 0): Result<Interpolated, Misuse> {
  if (nesting > maxNesting) return syntax('variables are nested too deep');
  const unset: string[] = [];
  let result = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === '{') {
      const braced = interpolateBraced(text, dollar, { lookup, nesting });
      if (!braced.ok) return braced;
      result += braced.value.text;
      unset.push(...braced.value.unset);
      at = braced.value.end;
    } else {
      const plain = next === '$' ? undefined : matchAt(name, text, dollar + 1);
      if (plain !== undefined && lookup(plain) === undefined) unset.push(plain);
      result += plain === undefined ? '$' : (lookup(plain) ?? '');
      at = dollar + (next === '$' ? 2 : 1 + (plain?.length ?? 0));
    }
  }
  return ok({ text: result + text.slice(at), unset });
}

interface Frame {
  readonly lookup: Lookup;
  readonly nesting: number;
}

function interpolateBraced(text: string, dollar: number, frame: Frame): Result<Interpolated & { end: number }, Misuse> {
  const close = closingBrace(text, dollar);
  if (close === undefined) return syntax(`"${text.slice(dollar, dollar + 30)}" is not closed with "}"`);
  const end = close + 1;
  const variable = matchAt(name, text, dollar + 2);
  const shown = text.slice(dollar, end);
  if (variable === undefined) return syntax(`"${shown}" does not begin with the name of a variable`);
  const start = dollar + 2 + variable.length;
  const value = frame.lookup(variable);
  if (start === close) return ok({ text: value ?? '', unset: value === undefined ? [variable] : [], end });
  const form = matchAt(operator, text, start);
  if (form === undefined) return syntax(`"${shown}" has no form that is known after "${variable}"`);

  const filled = form.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const rest = () => interpolate(text.slice(start + form.length, close), frame.lookup, frame.nesting + 1);
  const keep = (chosen: Result<Interpolated, Misuse>) => (chosen.ok ? ok({ ...chosen.value, end }) : chosen);
  if (form.endsWith('+')) return filled ? keep(rest()) : ok({ text: '', unset: [], end });
  if (filled) return ok({ text: value ?? '', unset: [], end });
  if (form.endsWith('-')) return keep(rest());
  const reason = rest();
  return reason.ok ? required(variable, value, reason.value.text) : reason;
}

function required(variable: string, value: string | undefined, reason: string): Result<never, Misuse> {
  const state = value === undefined ? 'not set' : 'empty';
  return fail({
    code: 'variable-required',
    message: `the variable "${variable}" is ${state}${reason === '' ? '' : `: ${reason}`}`,
    hint: `set ${variable} in the environment or in the .env file`,
  });
}

/** The brace that closes the one after `dollar`; those of nested variables are passed over. */
function closingBrace(text: string, dollar: number): number | undefined {
  let open = 0;
  for (let i = dollar; i < text.length; i++) {
    if (text[i] === '$' && text[i + 1] === '{') {
      open++;
      i++;
    } else if (text[i] === '}' && --open === 0) return i;
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const syntax = (message: string): Result<never, Misuse> =>
  fail({ code: 'interpolation-syntax', message, hint: 'a "$" that is not meant as a variable is written "$$"' });
