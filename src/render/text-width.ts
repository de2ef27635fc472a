const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const narrow = /[\p{Mn}\p{Me}]/u;

/** How many columns a terminal takes for a sanitized line without colour. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += narrow.test(letter) ? 0 : wide.test(letter) ? 2 : 1;
  return width;
}

/** The text with spaces after it up to that many columns. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));
