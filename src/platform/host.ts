import type { Probe } from '../model/desired.ts';
import type { Listener, ProcessIdentity } from '../model/listener.ts';
import type { EngineAddress } from '../model/observed.ts';

/** The machine that we run on, as far as stackctl looks at it and, where a rule of the stack says so, changes it. */
export interface Host {
  /** Who listens on these host ports, in the host's own network namespace; an empty list of ports asks nothing. */
  listeners(ports: readonly HostPort[], signal: AbortSignal): Promise<readonly Listener[]>;
  /**
   * Why nothing can be told of the ports that the engine at this address opens: it opens them in another network namespace than the one that
   * `listeners` sees, or where is not known. Undefined: they are the same. `running`: full ids of its containers that run.
   */
  whyUnseen(address: EngineAddress, running: ReadonlySet<string>): string | undefined;
  /** Whether a probe gets the answer it wants, now; why not otherwise. http: status 200-399; tcp: the connection opens. */
  answers(probe: NetworkProbe, signal: AbortSignal): Promise<'yes' | { readonly why: string }>;
  /**
   * Ends a process that holds sockets, and gives back once they are closed, or held by its siblings alone: SIGTERM, SIGKILL after the grace
   * period. Where anybody else holds one of them too nothing is done. Right before each
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
  /** Others that may hold them too, and go on doing so: they are ended by themselves. */
  readonly siblings: readonly number[];
  readonly graceMs: number;
}

/** "itself": it was gone when we came. */
export type Ended = { readonly by: 'SIGTERM' | 'SIGKILL' | 'itself' } | { readonly why: string };
