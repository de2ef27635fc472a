import type { DeclaredMount } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

type Section = 'bind' | 'volume' | 'tmpfs' | 'image';

type Path = readonly [section: Section, key: string];

/** Where an option of a mount was written. */
type At = (...path: readonly string[]) => Mark;

/** What the options of a mount cannot be for its type: `no-effect`, a warning, and `mount-options` where the mount would be another one. */
export const checkMountOptions = (mount: DeclaredMount, at: At): Finding[] => [
  ...passedOver(mount, at),
  ...ofFoldersOnly(mount, at),
  ...relabelling(mount, at),
];

const own: { readonly [type in DeclaredMount['type']]: readonly Section[] } = {
  bind: ['bind'],
  // Relabelling is said of volumes under "bind" too, by the short form as well
  volume: ['volume', 'bind'],
  tmpfs: ['tmpfs'],
  image: ['image'],
};

function passedOver(mount: DeclaredMount, at: At): Finding[] {
  const { type, source = '' } = mount;
  const others = (['bind', 'volume', 'tmpfs', 'image'] as const).filter((section) => !own[type].includes(section));
  const said = [
    ...others.flatMap((section) => saidUnder(mount, section)),
    ...saidUnder(mount, 'bind').filter(([, key]) => type === 'volume' && key === 'create_host_path'),
  ];
  return [...(type === 'tmpfs' && source !== '' ? [['source']] : []), ...said].map((path) => ({
    code: 'no-effect',
    severity: 'warning',
    message: `"${path.join('.')}" has no effect here: the mount is of type ${type}`,
    mark: at(...path),
  }));
}

/** The options of a section that say something. */
const saidUnder = (mount: DeclaredMount, section: Section): Path[] =>
  Object.entries(mount[section] ?? {}).flatMap(([key, value]: readonly [string, unknown]): Path[] =>
    saysNothing(value) ? [] : [[section, key]],
  );

const saysNothing = (value: unknown): boolean =>
  value === false || value === '' || value === 0 || value === '0' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);

function ofFoldersOnly({ type, bind = {} }: DeclaredMount, at: At): Finding[] {
  if (type !== 'volume') return [];
  const usual = { propagation: 'rprivate', recursive: 'enabled' } as const;
  return (['propagation', 'recursive'] as const)
    .filter((key) => ![undefined, '', usual[key]].includes(bind[key]))
    .map((key) => misuse(`"bind.${key}" is for a folder of the host: an engine takes no volume with it`, at('bind', key)));
}

/** An engine relabels what goes as Binds, and only few options do (docker-mount-options.ts). */
function relabelling({ type, source = '', target, bind = {}, volume = {} }: DeclaredMount, at: At): Finding[] {
  if ((type !== 'bind' && type !== 'volume') || (bind.selinux ?? '') === '') return [];
  const mark = at('bind', 'selinux');
  const alone = (what: string) => misuse(`"bind.selinux" cannot be given to ${what}: the Engine API has no request for it`, mark);
  if (source === '') return [alone('a volume without a name')];
  if (`${source}${target}`.includes(':')) return [alone('a mount with a colon in its path')];
  const beside = {
    'bind.create_host_path': type === 'bind' && bind.create_host_path === false,
    'bind.recursive': type === 'bind' && ![undefined, '', 'enabled'].includes(bind.recursive),
    'volume.subpath': type === 'volume' && volume.subpath !== undefined,
    'volume.labels': type === 'volume' && volume.labels !== undefined,
  };
  return Object.entries(beside)
    .filter(([, isSaid]) => isSaid)
    .map(([key]) => misuse(`"bind.selinux" and "${key}" cannot be given together: the Engine API has no request for both`, mark));
}

const misuse = (message: string, mark: Mark): Finding => ({ code: 'mount-options', message, mark });
