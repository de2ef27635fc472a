const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const narrow = /[\p{Mn}\p{Me}]/u;

/** How many columns a terminal takes for a sanitized line without colour. */
export const textWidth = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : [...text].reduce((sum, letter) => sum + (narrow.test(letter) ? 0 : wide.test(letter) ? 2 : 1), 0);

/** The text with spaces after it up to that many columns. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));
