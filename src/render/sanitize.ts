const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);

/** A command for the terminal with its text, up to its end on the same line: window titles, links, fonts. */
const command = new RegExp(`${escape}[\\]PX^_][^${bell}${escape}\\n\\u0080-\\u009f]*(?:${bell}|${escape}\\\\|\\u009c)`, 'g');
/** Colours, movements of the cursor, erasing; in the 7-bit and in the 8-bit form. */
const movement = new RegExp(`(?:${escape}\\[|\\u009b)[0-?]*[ -/]*[@-~]`, 'g');
const shortEscape = new RegExp(`${escape}[ -/]*[0-~]?`, 'g');

/** What is not seen but changes how its neighbours are seen: text direction, zero width, tags, line separators. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * Text from outside as it may reach a terminal: no control sequences, nothing invisible. A 'line' has no line breaks and tabs either
 * (they become spaces); a 'block' keeps them.
 */
export function sanitize(text: string, keep: 'line' | 'block' = 'line'): string {
  const bare = text.replace(command, '').replace(movement, '').replace(shortEscape, '').replace(invisible, '');
  const broken = keep === 'block' ? bare : bare.replace(/\r?\n|\t/g, ' ');
  return broken.replace(/[^\P{Cc}\n\t]/gu, '');
}
