/** JSON as Go writes it: what could end a script of HTML is escaped. */
export const goJsonText = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
