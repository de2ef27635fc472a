import { names, type ByName } from '../lib/record.ts';

/** An .env file with these values, quoted so that they are read back as they are. */
export const envText = (values: ByName<string>): string =>
  names(values)
    .map((name) => `${name}=${quoted(values[name] ?? '')}\n`)
    .join('');

/** Within single quotes everything stands for itself, but a backslash still hides the quote after it. */
function quoted(value: string): string {
  if (!/['\\]/.test(value)) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$]/g, '\\$&')}"`;
}
