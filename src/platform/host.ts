import type { Listener } from '../model/observed.ts';

/** The machine that we run on, as far as stackctl looks at it. */
export interface Host {
  /** Who listens on these host ports, in the host's own network namespace; an empty list of ports asks nothing. */
  listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]>;
}

export interface HostPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}
