import { resolve } from 'node:path';
import { fail, ok, type Result } from '../lib/result.ts';
import { get, type ByName } from '../lib/record.ts';
import type { Finding } from './finding.ts';

const name = 'COMPOSE_DISABLE_ENV_FILE';

type Variables = ReadonlyMap<string, string>;

/** What Go's strconv.ParseBool takes, which the reference reads the switch with. */
const switches = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['', '0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

/**
 * The .env file that a folder's stack reads when none is named, absolute; undefined where COMPOSE_DISABLE_ENV_FILE of the environment
 * says that there is none. Fails with `bad-setting` if that is neither true nor false.
 */
export function impliedEnvFile(folder: string, environment: ByName<string>): Result<string | undefined, Finding> {
  const isDisabled = isDisabledBy(get(environment, name));
  return isDisabled.ok ? ok(isDisabled.value ? undefined : resolve(folder, '.env')) : isDisabled;
}

/**
 * What counts of the variables that such a file holds. If the switch stands in the file itself, only those that choose a stack: the
 * reference reads these before it reads the file for good. Fails like impliedEnvFile.
 */
export function impliedVariables(variables: Variables, environment: ByName<string>): Result<Variables, Finding> {
  const isDisabled = isDisabledBy(get(environment, name) ?? variables.get(name));
  if (!isDisabled.ok || !isDisabled.value) return isDisabled.ok ? ok(variables) : isDisabled;
  return ok(new Map([...variables].filter(([key]) => key.startsWith('COMPOSE_'))));
}

function isDisabledBy(text = ''): Result<boolean, Finding> {
  const value = switches.get(text);
  return value === undefined ? fail({ code: 'bad-setting', message: `${name} must be true or false, not "${text}"` }) : ok(value);
}
