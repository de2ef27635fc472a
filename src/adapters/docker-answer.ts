import { fromEntries, get, type ByName } from '../lib/record.ts';
import { EngineError } from '../platform/engine-error.ts';

/**
 * An engine's answer, read with checks. Go writes null for empty lists and maps and leaves out what is empty, so absent and null are
 * "nothing" (text '', number 0, flag false, no entries); a value of another type is a garbled answer, never a default.
 */
export interface Answer {
  /** What was asked and where in the answer this stands, for messages. */
  readonly path: string;
  has(key: string): boolean;
  text(key: string): string;
  /** A text that an answer of this kind cannot be without. */
  mustText(key: string): string;
  number(key: string): number;
  flag(key: string): boolean;
  texts(key: string): readonly string[];
  textLists(key: string): readonly (readonly string[])[];
  textMap(key: string): ByName<string>;
  inside(key: string): Answer;
  list(key: string): readonly Answer[];
  entries(key: string): readonly (readonly [string, Answer])[];
  names(key: string): readonly string[];
}

/** Reads a JSON object; `asked` names the request in messages. */
export function answerOf(value: unknown, asked: string): Answer {
  const fields = asObject(value, asked);
  const at = (key: string): string => `${asked}.${key}`;
  const field = (key: string): unknown => get(fields, key) ?? undefined;
  const object = (key: string): ByName<unknown> => asObject(field(key) ?? {}, at(key));
  const array = (key: string): readonly unknown[] => asArray(field(key) ?? [], at(key));
  return {
    path: asked,
    has: (key) => field(key) !== undefined,
    text: (key) => asText(field(key) ?? '', at(key)),
    mustText(key) {
      const text = asText(field(key), at(key));
      return text === '' ? garbled(at(key), 'text') : text;
    },
    number: (key) => asNumber(field(key) ?? 0, at(key)),
    flag: (key) => asFlag(field(key) ?? false, at(key)),
    texts: (key) => array(key).map((item) => asText(item, at(key))),
    textLists: (key) => array(key).map((row) => asArray(row ?? [], at(key)).map((item) => asText(item, at(key)))),
    textMap: (key) => fromEntries(Object.entries(object(key)).map(([name, item]) => [name, asText(item, at(key))] as const)),
    inside: (key) => answerOf(field(key) ?? {}, at(key)),
    list: (key) => array(key).map((item) => answerOf(item, at(key))),
    entries: (key) => Object.entries(object(key)).map(([name, item]) => [name, answerOf(item ?? {}, `${at(key)}.${name}`)] as const),
    names: (key) => Object.keys(object(key)),
  };
}

/** Reads a JSON list of objects. */
export const answersOf = (value: unknown, asked: string): readonly Answer[] => asArray(value, asked).map((item) => answerOf(item, asked));

function asObject(value: unknown, path: string): ByName<unknown> {
  return isObject(value) ? value : garbled(path, 'an object');
}

const isObject = (value: unknown): value is ByName<unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const asArray = (value: unknown, path: string): readonly unknown[] => (Array.isArray(value) ? value : garbled(path, 'a list'));
const asText = (value: unknown, path: string): string => (typeof value === 'string' ? value : garbled(path, 'text'));
const asNumber = (value: unknown, path: string): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : garbled(path, 'a number');
const asFlag = (value: unknown, path: string): boolean => (typeof value === 'boolean' ? value : garbled(path, 'true or false'));

function garbled(path: string, expected: string): never {
  throw new EngineError('garbled', `The engine's answer makes no sense: ${path} is not ${expected}`);
}
