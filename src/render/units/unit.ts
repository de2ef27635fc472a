/** One systemd unit, as its file says it; values are escaped already. */
export interface Unit {
  /** "stackctl-drift-shop.timer". */
  readonly name: string;
  /** What it is for: this one is left out unless it is asked for. */
  readonly part: 'boot' | 'shutdown' | 'drift';
  readonly sections: readonly Section[];
}

interface Section {
  readonly name: 'Unit' | 'Service' | 'Timer' | 'Install';
  /** In the order of the file; a key may come several times. */
  readonly lines: readonly Line[];
}

export type Line = readonly [key: string, value: string];
