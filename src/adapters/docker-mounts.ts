import { fromEntries, type ByName } from '../lib/record.ts';
import type { Mount } from '../model/settings.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Answer } from './docker-answer.ts';
import type { Reading } from './docker-inspect.ts';
import { seenMountOptions } from './docker-mount-seen.ts';
import { sharedTargets } from './docker-sharing.ts';

interface SeenMounts {
  /** Sorted by target. */
  readonly mounts: readonly Mount[];
  /** Volume names of the anonymous ones, by target. */
  readonly anonymous: ByName<string>;
}

/**
 * The mounts of a container. `Mounts` says what is mounted in an order that changes from call to call, `HostConfig` what was asked
 * for; only together they tell anonymous volumes from named ones and know the size of a tmpfs.
 */
export function seenMounts(answer: Answer, reading: Pick<Reading, 'peerOf'>): SeenMounts {
  const asked = answer.inside('HostConfig').list('Mounts');
  const named = namedTargets(answer);
  const binds = bindOptions(answer);
  const shared = sharedTargets(answer, reading);
  const rows = answer.list('Mounts').filter((row) => !shared.elsewhere(row.mustText('Destination')));
  const found = rows.map((row) => {
    const target = row.mustText('Destination');
    // What the image has there is covered by what is shared
    if (shared.has(target)) return { mount: { type: 'volume', source: '', target, read_only: false } as const, volume: '' };
    const anonymous = row.text('Type') === 'volume' && (isAnonymous(row.mustText('Name')) || !named.has(target));
    return {
      mount: mountOf(row, { anonymous, asked: asked.find((one) => one.text('Target') === target), bind: binds.get(target) ?? [] }),
      volume: anonymous ? row.text('Name') : '',
    };
  });
  const tmpfs = answer.inside('HostConfig').textMap('Tmpfs');
  const mounts = [
    ...found.map(({ mount }) => mount),
    ...Object.entries(tmpfs).map(([target, options]) => tmpfsFromOptions(target, options)),
  ];
  return {
    mounts: mounts.sort((left, right) => (left.target < right.target ? -1 : 1)),
    anonymous: fromEntries(found.flatMap(({ mount, volume }) => (volume === '' ? [] : [[mount.target, volume] as const]))),
  };
}

// The engine's own names; a volume that was taken over from an older container is asked for by that name and stays anonymous
const isAnonymous = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

function namedTargets(answer: Answer): Set<string> {
  const host = answer.inside('HostConfig');
  const binds = host.texts('Binds').flatMap((bind) => {
    const [source, target] = bind.split(':');
    return source !== undefined && target !== undefined ? [target] : [];
  });
  const mounts = host.list('Mounts').filter((mount) => mount.text('Source') !== '');
  return new Set([...binds, ...mounts.map((mount) => mount.text('Target'))]);
}

/** Options of the Binds, by target. */
const bindOptions = (answer: Answer): ReadonlyMap<string, readonly string[]> =>
  new Map(
    answer
      .inside('HostConfig')
      .texts('Binds')
      .map((bind) => {
        const [, target = '', options = ''] = bind.split(':');
        return [target, options.split(',')] as const;
      }),
  );

interface MountFacts {
  readonly anonymous: boolean;
  /** How it was asked for: among the mounts, or by the words after the last colon of a bind. */
  readonly asked: Answer | undefined;
  readonly bind: readonly string[];
}

function mountOf(row: Answer, { anonymous, asked, bind }: MountFacts): Mount {
  const target = row.mustText('Destination');
  const read_only = !row.flag('RW');
  const type = row.mustText('Type');
  const options = seenMountOptions(type, { asked, bind });
  switch (type) {
    case 'bind':
      return { type, source: row.mustText('Source'), target, read_only, ...options };
    case 'volume':
      return { type, source: anonymous ? '' : row.mustText('Name'), target, read_only, ...options };
    case 'image':
      return { type, source: asked?.text('Source') ?? '', target, read_only: true, ...options };
    case 'tmpfs': {
      const options = asked?.inside('TmpfsOptions');
      return tmpfs({ target, read_only, size: options?.number('SizeBytes'), mode: options?.number('Mode') });
    }
    default:
      throw new EngineError(
        'garbled',
        `A container has a mount of a kind that stackctl does not know: ${row.path}.Type is ${JSON.stringify(type)}`,
      );
  }
}

interface Tmpfs {
  readonly target: string;
  readonly read_only: boolean;
  readonly size: number | undefined;
  readonly mode: number | undefined;
  readonly options?: readonly string[];
}

const tmpfs = ({ target, read_only, size, mode, options = [] }: Tmpfs): Mount => ({
  type: 'tmpfs',
  source: '',
  target,
  read_only,
  ...(size && { size }),
  ...(mode && { mode }),
  ...(options.length > 0 && { options }),
});

/** "size=64m,mode=1777,ro", as Compose's `tmpfs:` and docker's --tmpfs leave it. */
function tmpfsFromOptions(target: string, text: string): Mount {
  const options = text.split(',').map((option) => option.split('='));
  const value = (name: string): string | undefined => options.find(([key]) => key === name)?.[1];
  const mode = value('mode');
  const others = text.split(',').filter((option) => !/^(|ro|rw|size=.*|mode=.*)$/.test(option));
  return tmpfs({
    target,
    read_only: options.some(([key]) => key === 'ro'),
    size: bytes(value('size')),
    mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
    options: [...new Set(others)].sort(),
  });
}

function bytes(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmgt]?)b?$/i.exec(text ?? '');
  if (!match) return undefined;
  return Number(match[1]) * 1024 ** ' kmgt'.indexOf((match[2] ?? '').toLowerCase() || ' ');
}
