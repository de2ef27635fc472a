import { resolve } from 'node:path';
import { fail, ok, type Result } from '../lib/result.ts';
import { get, type ByName } from '../lib/record.ts';
import type { Finding } from './finding.ts';

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
  const text = get(environment, 'COMPOSE_DISABLE_ENV_FILE') ?? '';
  const isDisabled = switches.get(text);
  if (isDisabled === undefined) {
    return fail({ code: 'bad-setting', message: `COMPOSE_DISABLE_ENV_FILE must be true or false, not "${text}"` });
  }
  return ok(isDisabled ? undefined : resolve(folder, '.env'));
}
