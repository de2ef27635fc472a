const nanosecondsOf = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
  ['d', 24 * 3600e9],
  ['w', 7 * 24 * 3600e9],
]);

const part = /(\d+\.?\d*|\.\d+)([a-zµμ]+)/gy;

/** Milliseconds of a text such as "1h5m30.5s" (Go's form, with "d" and "w" besides); undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  let nanoseconds = 0;
  let end = 0;
  for (const [whole, amount = '', unit = ''] of text.matchAll(part)) {
    const scale = nanosecondsOf.get(unit);
    if (scale === undefined) return undefined;
    nanoseconds += Number(amount) * scale;
    end += whole.length;
  }
  return end === text.length && end > 0 ? Math.round(nanoseconds) / 1e6 : undefined;
}

/** The duration as Go prints it: "1h30m0s", "500ms", "0s". */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  const nanoseconds = Math.round(ms * 1e6);
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`;
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`;
  const hours = Math.floor(nanoseconds / 3600e9);
  const minutes = Math.floor((nanoseconds % 3600e9) / 60e9);
  const seconds = (nanoseconds % 60e9) / 1e9;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
