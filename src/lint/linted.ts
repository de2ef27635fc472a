import { get, type ByName } from '../lib/record.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import type { Declared, DeclaredService } from '../spec/declared.ts';

/** What the rules look at. */
export interface Linted {
  /** Every service, whatever its profile. */
  readonly desired: Desired;
  /** The same before anything was filled in: what the files really say. */
  readonly declared: Declared;
  readonly machine: Machine;
  /** The other stacks of stack.config.yaml. */
  readonly others: readonly OtherStack[];
}

/** What this machine says about the stack. */
export interface Machine {
  /** Paths of the host that are mounted and do not exist. */
  readonly missingPaths: ReadonlySet<string>;
  /** By reference; an image that is not local, or that nobody could look at, is absent. */
  readonly images: ByName<LocalImage>;
}

export interface LocalImage {
  /** Whether it brings a health check along. */
  readonly healthcheck: boolean;
  /** The names of all its files, without their folders; undefined: nobody looked. */
  readonly files?: ReadonlySet<string>;
}

export interface OtherStack {
  /** As stack.config.yaml calls it. */
  readonly name: string;
  readonly desired: Desired;
  readonly declared: Declared;
}

/** A service as the files say it, and with everything filled in. */
export interface LintedService {
  readonly name: string;
  readonly said: DeclaredService;
  readonly spec: ServiceSpec;
}

/** In the order of the files. */
export const servicesOf = ({ desired, declared }: Pick<Linted, 'desired' | 'declared'>): LintedService[] =>
  Object.entries(declared.services ?? {}).flatMap(([name, said]) => {
    const spec = get(desired.services, name);
    return spec ? [{ name, said, spec }] : [];
  });
