const form = /^(\d+\.?\d*|\.\d+) ?(?:([kmgtp])i?)?b?$/i;

/** Bytes of a text such as "512m", "1.5 GB" or "1073741824", by powers of 1024; undefined if it is none. */
export function parseBytes(text: string): number | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [, amount = '', unit = ''] = found;
  const power = unit === '' ? 0 : 'kmgtp'.indexOf(unit.toLowerCase()) + 1;
  return Math.trunc(Number(amount) * 1024 ** power);
}
