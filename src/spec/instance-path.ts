import type { ErrorObject } from 'ajv';

/** The keys and positions that lead to what a schema refuses: a JSON pointer, RFC 6901. */
export const instancePath = ({ instancePath: pointer }: Pick<ErrorObject, 'instancePath'>): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
