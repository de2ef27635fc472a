import { fail, ok, type Result } from '../lib/result.ts';

/** One published port in its long form. */
export interface LongPort {
  readonly target: number;
  /** "8080" or "8000-8010"; absent lets the engine choose. */
  readonly published?: string;
  readonly protocol: string;
  readonly host_ip?: string;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const highest = 65_535;

/** Reads `[ADDRESS:][PUBLISHED:]TARGET[/PROTOCOL]`; a range of targets gives one port each. The error says what is wrong. */
export function parsePort(text: string): Result<readonly LongPort[], string> {
  const [ports = '', protocolText = '', ...more] = text.split('/');
  const protocol = protocolText === '' ? 'tcp' : protocolText.toLowerCase();
  if (more.length > 0 || !isProtocol(protocol)) return fail(`"${[protocolText, ...more].join('/')}" is not a protocol: tcp, udp or sctp`);
  const parts = ports.split(':');
  const target = parseRange(parts.at(-1) ?? '');
  const hostText = parts.at(-2) ?? '';
  const published = hostText === '' ? undefined : parseRange(hostText);
  const address = parseAddress(parts.slice(0, -2).join(':'));
  if (!target.ok) return fail(`the port in the container, "${parts.at(-1) ?? ''}", ${target.error}`);
  if (published?.ok === false) return fail(`the port on the host, "${hostText}", ${published.error}`);
  if (address === undefined) return fail(`"${parts.slice(0, -2).join(':')}" is not an address; an IPv6 address stands in brackets`);
  return portsOf({ target: target.value, published: published?.value, protocol, address });
}

export const isProtocol = (text: string): boolean => ['tcp', 'udp', 'sctp'].includes(text);

interface Parts {
  readonly target: Range;
  readonly published: Range | undefined;
  readonly protocol: string;
  readonly address: string;
}

function portsOf({ target, published, protocol, address }: Parts): Result<readonly LongPort[], string> {
  const count = target.to - target.from + 1;
  const rest = { protocol, ...(address !== '' && { host_ip: address }) };
  if (published && count === 1) return ok([{ target: target.from, published: rangeText(published), ...rest }]);
  if (published && published.to - published.from + 1 !== count) {
    return fail(`the ranges ${rangeText(published)} and ${rangeText(target)} are not of the same length`);
  }
  return ok(
    Array.from({ length: count }, (_, i) => ({
      target: target.from + i,
      ...(published && { published: String(published.from + i) }),
      ...rest,
    })),
  );
}

/** Reads "8080" or "8000-8010". */
export function parseRange(text: string): Result<Range, string> {
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined) return fail(text === '' ? 'is missing' : 'is not a number or a range');
  const range = { from: Number(first), to: Number(last) };
  if (range.to > highest || range.from > highest) return fail(`is higher than ${highest}`);
  return range.from <= range.to ? ok(range) : fail('ends before it begins');
}

const rangeText = ({ from, to }: Range): string => (from === to ? String(from) : `${from}-${to}`);

/** An address without the brackets of IPv6; undefined if it is none. */
function parseAddress(text: string): string | undefined {
  if (text === '') return '';
  const inner = /^\[(.*)\]$/.exec(text)?.[1];
  return isAddress(inner ?? text) && (inner !== undefined || !text.includes(':')) ? (inner ?? text) : undefined;
}

/** Whether a text is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  const numbers = text.split('.');
  if (!text.includes(':')) return numbers.length === 4 && numbers.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return /^[\da-f:.%\w]+$/i.test(text) && text.split(':').length >= 3;
}
