import type { Json } from './plan-json.ts';

/** What JSON lets stand as it is, and a terminal might act on. */
const risky = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** JSON that may also reach a terminal: the same value, with nothing in it that acts or cannot be seen. */
export const jsonText = (value: Json, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(risky, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
