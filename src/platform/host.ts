import type { Probe } from '../model/desired.ts';
import type { Listener } from '../model/observed.ts';

/** The machine that we run on, as far as stackctl looks at it. */
export interface Host {
  /** Who listens on these host ports, in the host's own network namespace; an empty list of ports asks nothing. */
  listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]>;
  /** Whether a probe gets the answer it wants, now; why not otherwise. http: status 200-399; tcp: the connection opens. */
  answers(probe: NetworkProbe, signal: AbortSignal): Promise<'yes' | { readonly why: string }>;
}

export type NetworkProbe = Extract<Probe, { readonly kind: 'http' | 'tcp' }>;

export interface HostPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}
