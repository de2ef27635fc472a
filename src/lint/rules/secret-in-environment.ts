import { get, names } from '../../lib/record.ts';
import { isSealed } from '../../model/text.ts';
import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const secretInEnvironment: Rule = {
  id: 'secret-in-environment',
  severity: 'warning',
  finds: 'a password, key or token in plain environment',
  reason: 'Whoever may inspect the container reads it there, and every child process, crash report and debug page has it too.',
  fix: 'declare it under "secrets", and let the service read the file (many images take NAME_FILE: /run/secrets/…)',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said, spec }) =>
      names(said.environment ?? {})
        .filter((variable) => isSealed(get(spec.settings.environment ?? {}, variable)))
        .filter((variable) => !isHarmless(variable, get(said.environment ?? {}, variable) ?? ''))
        .map((variable) => ({
          message: `${name} is given ${variable} in its plain environment`,
          path: ['services', name, 'environment', variable],
          service: name,
        })),
    ),
};

/** Names that only sound like it: MAX_TOKENS, TOKEN_TTL, PASSWORD_FILE, PUBLIC_KEY. */
const harmlessName =
  /(_FILE|_PATH|_DIR|_NAME|_LENGTH|_TTL|_LIMIT|_COUNT|_EXPIRY|_EXPIRES?|_LIFETIME|_TYPE|_ISSUER|_ENDPOINT|_POLICY)$|TOKENS$|TOKENIZER|MAX_TOKEN|PUBLIC_KEY/i;
const harmlessValue = /^(true|false|yes|no|on|off|0|1|none|null)$|^\/|^\$\{?\w+\}?$/i;

const isHarmless = (name: string, value: string): boolean => harmlessName.test(name) || harmlessValue.test(value.trim());
