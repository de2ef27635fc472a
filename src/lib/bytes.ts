const form = /^(\d+\.?\d*|\.\d+) ?(?:([kmgtp])i?)?b?$/i;

/** Bytes of a text such as "512m", "1.5 GB" or "1073741824", by powers of 1024; undefined if it is none. */
export function parseBytes(text: string): number | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [, amount = '', unit = ''] = found;
  const power = unit === '' ? 0 : 'kmgtp'.indexOf(unit.toLowerCase()) + 1;
  return Math.trunc(Number(amount) * 1024 ** power);
}

const units = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** A size as people say it, by powers of 1000 and rounded: "830 B", "1.2 kB", "5 GB". */
export function roundBytes(bytes: number): string {
  const power = Math.min(units.length, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  if (power === 0) return `${bytes} B`;
  return `${Number((bytes / 1000 ** power).toPrecision(bytes / 1000 ** power < 10 ? 2 : 3))} ${units[power - 1] ?? ''}`;
}
