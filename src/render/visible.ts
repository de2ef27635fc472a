const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A value from outside with everything unseen written out, so that two values that differ never look the same. */
export const visible = (text: string): string =>
  text.replace(unseen, (letter) => {
    const short = JSON.stringify(letter).slice(1, -1);
    return short.startsWith('\\') ? short : `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`;
  });

/** The same in quotes, as JSON writes a string. */
export const quoted = (text: string): string => `"${visible(text.replace(/["\\]/g, '\\$&'))}"`;
