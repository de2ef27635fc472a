import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import type { NetworkProbe } from '../platform/host.ts';

type Answered = 'yes' | { readonly why: string };

/** Tries a probe once: a page that answers 200 to 399, a port that opens. The signal ends it with a reason, never with an error. */
export function tryProbe(probe: NetworkProbe, signal: AbortSignal): Promise<Answered> {
  const asked = probe.kind === 'http' ? tryHttp(probe.url, signal) : tryTcp(probe, signal);
  return asked.catch((error: unknown) => ({ why: signal.aborted ? 'no answer in time' : reasonOf(error) }));
}

function tryHttp(url: string, signal: AbortSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const take = (answer: IncomingMessage): void => {
      answer.destroy(); // the status is all that counts; a body may never end
      const status = answer.statusCode ?? 0;
      resolve(status >= 200 && status < 400 ? 'yes' : { why: `${url} answered ${status}` });
    };
    const request = url.startsWith('https:') ? getHttps(url, { signal, agent: false }, take) : getHttp(url, { signal, agent: false }, take);
    request.once('error', reject);
  });
}

function tryTcp({ host, port }: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const stop = (): void => void socket.destroy(new Error('no answer in time'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.once('connect', () => resolve('yes'));
    socket.once('error', reject);
    socket.once('connect', () => socket.destroy());
    socket.once('close', () => signal.removeEventListener('abort', stop));
  });
}

// The happy-eyeballs error of Node has an empty message; what went wrong stands in its errors
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join('; ');
  return error instanceof Error ? error.message : String(error);
}
