import { get } from '../lib/record.ts';
import type { Complete } from './complete.ts';
import type { DeclaredDataOptions, DeclaredVolumeOptions } from './declared-data.ts';
import type { DeclaredService } from './declared.ts';

/** A place where data lies, with what is declared of its files and who mounts it. */
export interface DeclaredData {
  readonly kind: 'volume' | 'bind';
  /** The key of the volume in the file, or the folder's absolute path. */
  readonly source: string;
  readonly options: DeclaredDataOptions;
  /** Where the options stand: ["volumes", "data", "x-stack"]. */
  readonly path: readonly string[];
  /** Names of the services that mount it, in the order of the file; never empty. */
  readonly users: readonly string[];
}

/** All places of which something is declared and that an active service mounts. Of a folder that several services declare, each once. */
export function declaredData(stack: Complete): DeclaredData[] {
  const volumes = Object.entries(stack.volumes ?? {}).map(([key, volume]): DeclaredData => ({
    kind: 'volume',
    source: key,
    options: filesOf(volume['x-stack'] ?? {}),
    path: ['volumes', key, 'x-stack'],
    users: usersOf(stack, 'volume', key),
  }));
  const folders = Object.entries(stack.services).flatMap(([name, { volumes: mounts = [] }]) =>
    mounts.flatMap(({ type, source = '', 'x-stack': options }, i): DeclaredData[] => {
      const path = ['services', name, 'volumes', String(i), 'x-stack'];
      return type === 'bind' ? [{ kind: 'bind', source, options: options ?? {}, path, users: usersOf(stack, 'bind', source) }] : [];
    }),
  );
  return [...volumes, ...folders].filter(({ options, users }) => Object.keys(options).length > 0 && users.length > 0);
}

/** Only what is said of its files. */
const filesOf = ({ backup: _backup, ...files }: DeclaredVolumeOptions): DeclaredDataOptions => files;

const usersOf = ({ services }: Complete, type: 'volume' | 'bind', source: string): string[] =>
  Object.entries(services).flatMap(([name, { volumes = [] }]) =>
    volumes.some((mount) => mount.type === type && mount.source === source) ? [name] : [],
  );

/** How `owner` is said: by ids alone, by names that an image has, or as whoever the containers run as. */
export function ownerKind({ owner }: DeclaredDataOptions): 'none' | 'ids' | 'names' | 'image-user' {
  if (owner === undefined) return 'none';
  if (owner === 'image-user') return 'image-user';
  return /^\d+(:\d+)?$/.test(owner) ? 'ids' : 'names';
}

/** Services among which the image, or the user, that an owner is taken from differs: one of each kind. */
export function distinctOwners({ options, users }: DeclaredData, { services, name: stack }: Complete): string[] {
  const kind = ownerKind(options);
  if (kind !== 'names' && kind !== 'image-user') return [];
  const bySource = new Map<string, string>();
  for (const user of users) {
    const source = ownerSource(user, get(services, user) ?? {}, stack);
    const key = kind === 'names' ? source.image : source.runsAs;
    if (!bySource.has(key)) bySource.set(key, user);
  }
  return [...bySource.values()];
}

function ownerSource(
  name: string,
  { image, user = '' }: DeclaredService,
  stack: string,
): { readonly image: string; readonly runsAs: string } {
  const reference = image || `${stack}-${name}`;
  return { image: reference, runsAs: /^\d+:\d+$/.test(user) ? user : `${user} of ${reference}` };
}
