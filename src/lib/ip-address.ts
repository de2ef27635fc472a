const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/;

/** An IP address in its one short form: "::1" for "[0:0:0:0:0:0:0:1]", "1.2.3.4" for "::ffff:1.2.3.4". What is none stays as it is. */
export function shortAddress(text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const url = `http://[${bare}]/`;
  if (!bare.includes(':') || !URL.canParse(url)) return bare;
  const short = new URL(url).hostname.slice(1, -1);
  const [, high = '', low = ''] = mapped.exec(short) ?? [];
  if (high === '') return short;
  const bytes = [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}
