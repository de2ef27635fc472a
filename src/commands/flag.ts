import { fail, ok, type Result } from '../lib/result.ts';
import { readChoice, type Read } from './flag-values.ts';

/** A flag as it is declared once; `Value` is what a command gets, whether or not the flag was given. */
export interface Flag<Value> {
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** What its value is called: "FILE"; absent: it takes none. */
  readonly value?: string;
  /** The value that it has alone; then a value is only taken from the next word if it is one of the choices. */
  readonly alone?: string;
  readonly repeatable: boolean;
  readonly choices: readonly string[];
  readonly completes: 'file' | 'directory' | 'service' | 'profile' | 'nothing';
  /** Known to users of other tools, but not there yet: refused, with this hint. */
  readonly later?: string;
  /** The value of a flag that was not given. */
  readonly initial: Value;
  /** Takes one more occurrence in; a failure says what is allowed. */
  take(before: Value, text: string): Result<Value, string>;
}

interface Looks {
  readonly short?: string;
  readonly completes?: Flag<never>['completes'];
}

interface Valued<Value> extends Looks {
  readonly value: string;
  readonly read: Read<Value>;
}

const plain = { repeatable: false, choices: [], completes: 'nothing' } as const;

/** A flag that is there or is not. */
export const toggle = (name: string, summary: string, looks: Looks = {}): Flag<boolean> => ({
  ...plain,
  ...looks,
  name,
  summary,
  initial: false,
  take: (_before, text) => readBoolean(text),
});

/** A flag with a value; the last one given counts. */
export const option = <Value>(name: string, summary: string, { read, ...looks }: Valued<Value>): Flag<Value | undefined> => ({
  ...plain,
  ...looks,
  name,
  summary,
  initial: undefined,
  take: (_before, text) => read(text),
});

interface Chosen<Choice extends string> {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly alone?: NoInfer<Choice>;
}

/** A flag whose value is one of a few words. */
export const choice = <Choice extends string>(name: string, summary: string, chosen: Chosen<Choice>): Flag<Choice | undefined> => ({
  ...option(name, summary, { value: chosen.value, read: readChoice(chosen.choices) }),
  ...chosen,
});

/** A flag that may be given again and again. */
export const repeated = <Value>(name: string, summary: string, { read, ...looks }: Valued<Value>): Flag<readonly Value[]> => ({
  ...plain,
  ...looks,
  name,
  summary,
  repeatable: true,
  initial: [],
  take: (before, text) => {
    const value = read(text);
    return value.ok ? ok([...before, value.value]) : value;
  },
});

/** A flag that this version refuses by name. */
export const later = (name: string, hint: string, looks: Looks & { readonly value?: string } = {}): Flag<false> => ({
  ...plain,
  ...looks,
  name,
  summary: '',
  later: hint,
  initial: false,
  take: () => ok(false),
});

const readBoolean: Read<boolean> = (text) =>
  text === 'true' || text === 'false' ? ok(text === 'true') : fail('no value, or true or false');
