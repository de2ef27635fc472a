/**
 * How systemd wants texts from outside written, which is another way at nearly each place (systemd.service(5), systemd.syntax(7), and
 * config_parse_* of its source). What cannot be written at all is for `isWritable` to say first.
 */

/** The program of an ExecStart line: here a "$" is no variable. */
export const programWord = (path: string): string => quoted(percents(path));

/** Any other word of an ExecStart line. */
export const argumentWord = (text: string): string => quoted(percents(text).replaceAll('$', '$$$$'));

/** One assignment of an Environment line. */
export const environmentWord = (name: string, value: string): string => quoted(percents(`${name}=${value}`));

/** One of several paths: what a backslash means there depends on the version, so a quote inside stands between quotes of the other kind. */
export const pathWord = (path: string, before = ''): string => {
  const text = `${before}${percents(path)}`;
  if (isPlain(text)) return text;
  return (text.match(/[^"]+|"+/g) ?? []).map((piece) => (piece.startsWith('"') ? `'${piece}'` : `"${piece}"`)).join('');
};

/** A path that is the whole value, as of WorkingDirectory: nothing but "%" means anything. */
export const wholePath = (path: string): string => percents(path);

/** Whether a path can stand in a unit everywhere: control characters and backslashes cannot, nor a blank at the end of a line. */
export const isWritable = (path: string): boolean => !/[\p{Cc}\\]|\s$/u.test(path);

/** Of the program of an ExecStart line systemd takes no quotes either, however they are written. */
export const isUsableProgram = (path: string): boolean => isWritable(path) && !/["']/.test(path);

const percents = (text: string): string => text.replaceAll('%', '%%');
const isPlain = (text: string): boolean => /^[\w@%+=:,./-]+$/.test(text);
const quoted = (text: string): string => (isPlain(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);
