import type { ByName } from '../lib/record.ts';

/** Devices that an engine finds by a driver. */
export interface DeclaredDeviceRequest {
  readonly driver?: string;
  /** -1 is all. */
  readonly count?: number;
  readonly device_ids?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly options?: ByName<string>;
}

type DeclaredRates = readonly { readonly path: string; readonly rate: string }[];

/** How fast devices may be used. */
export interface DeclaredBlkio {
  readonly weight?: number;
  readonly weight_device?: readonly { readonly path: string; readonly weight: number }[];
  readonly device_read_bps?: DeclaredRates;
  readonly device_read_iops?: DeclaredRates;
  readonly device_write_bps?: DeclaredRates;
  readonly device_write_iops?: DeclaredRates;
}
