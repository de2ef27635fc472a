import type { Probe } from '../model/desired.ts';
import type { Listener, ProcessIdentity } from '../model/listener.ts';

/** The machine that we run on, as far as stackctl looks at it and, where a rule of the stack says so, changes it. */
export interface Host {
  /** Who listens on these host ports, in the host's own network namespace; an empty list of ports asks nothing. */
  listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]>;
  /** Whether a probe gets the answer it wants, now; why not otherwise. http: status 200-399; tcp: the connection opens. */
  answers(probe: NetworkProbe, signal: AbortSignal): Promise<'yes' | { readonly why: string }>;
  /**
   * Ends a process that holds sockets, and gives back once they are closed: SIGTERM, SIGKILL after the grace period. Right before each
   * signal it must still be that process and hold one of them; never process 1, this one or one above it, or a part of an engine.
   */
  endProcess(target: EndTarget, signal: AbortSignal): Promise<Ended>;
}

export type NetworkProbe = Extract<Probe, { readonly kind: 'http' | 'tcp' }>;

export interface HostPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

export interface EndTarget {
  readonly process: ProcessIdentity;
  /** The sockets, by their inodes, for which it is ended. */
  readonly inodes: readonly string[];
  readonly graceMs: number;
}

/** "itself": it was gone when we came. */
export type Ended = { readonly by: 'SIGTERM' | 'SIGKILL' | 'itself' } | { readonly why: string };
