import type { ByName } from '../lib/record.ts';

/** How a service is attached to a network. */
export interface DeclaredAttachment {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly driver_opts?: ByName<string>;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly priority?: number;
}

/** A network of the stack. */
export interface DeclaredNetwork {
  readonly name?: string;
  readonly external?: boolean;
  readonly driver?: string;
  readonly driver_opts?: ByName<string>;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly ipam?: {
    readonly driver?: string;
    readonly options?: ByName<string>;
    readonly config?: readonly {
      readonly subnet?: string;
      readonly ip_range?: string;
      readonly gateway?: string;
      readonly aux_addresses?: ByName<string>;
    }[];
  };
  readonly labels?: ByName<string>;
}
