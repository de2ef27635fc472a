import { canonical } from '../lib/canonical.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { Cause, FieldDiff, Leaf } from '../model/change.ts';
import { knowsHooks } from '../model/container-hooks.ts';
import type { ServiceSpec, WantedContainer } from '../model/desired.ts';
import type { Settings } from '../model/settings.ts';
import { effective } from '../model/effective.ts';
import { imageOf } from '../model/image-of.ts';
import type { EngineFacts, Observed, SeenContainer } from '../model/observed.ts';
import { flatten } from './flatten.ts';
import { isLimit } from './flatten-resources.ts';
import { isDropped } from './dropped.ts';
import { movedMounts, namedMounts } from './image-mounts.ts';
import { fullImageName } from './image-name.ts';
import { withNames } from './peers.ts';
import { shortId } from './short-id.ts';

/** 64 MiB: what Docker gives /dev/shm (Engine API 1.41 to 1.51). */
const dockerShmSize = 64 * 1024 * 1024;

/** Field by field, what a container should be made of against what it is made of, and why they differ. */
export function compare({ service, replica }: WantedContainer, have: SeenContainer, observed: Observed): FieldDiff[] {
  const stale = staleNetworks(service, have, observed);
  const settings = settingDiffs(service, have, observed).filter(({ path }) => !stale.some((each) => each.path === path));
  return [
    ...nameDiff(replica.name, have),
    ...imageDiff(service, have, observed),
    ...movedMounts(service.settings, have, observed.images),
    ...settings,
    ...stale,
    ...unechoedDiffs(service, have),
    ...contentDiffs(service, have).filter(({ path }) => !settings.some((each) => each.path === path.replace('content', 'volumes'))),
  ];
}

function nameDiff(name: string, have: SeenContainer): FieldDiff[] {
  if (have.name === name) return [];
  return [{ path: 'container_name', have: have.name, want: name, cause: causeOf('container_name', 'rename', have), mend: 'rename' }];
}

function imageDiff(service: ServiceSpec, have: SeenContainer, observed: Observed): FieldDiff[] {
  const { settings } = service;
  const image = get(observed.images, imageOf(service));
  const renamed = fullImageName(have.settings.image) !== fullImageName(settings.image);
  if (renamed) return [{ path: 'image', have: have.settings.image, want: settings.image, cause: 'file', mend: 'replace' }];
  if (!image || image.id === have.imageId) return [];
  return [{ path: 'image', have: shortId(have.imageId), want: shortId(image.id), cause: 'image', mend: 'replace' }];
}

function settingDiffs(service: ServiceSpec, have: SeenContainer, observed: Observed): FieldDiff[] {
  const settings = withNames(service.settings, observed);
  // A container is held against the image that it was made from; that the tag means another one now is a difference of its own.
  const madeFrom = get(observed.images, have.imageId) ?? get(observed.images, imageOf(service));
  const wanted = withoutDefaults(flatten(madeFrom ? effective(settings, madeFrom.defaults) : settings), observed.engine);
  const mounted = { ...have.settings, volumes: namedMounts(have, settings, observed.images) };
  const seen = withoutDefaults(flatten(mounted), observed.engine);
  const declared = flatten(settings);
  const hasMac = (path: string): boolean =>
    path.startsWith('networks.') && Object.hasOwn(declared, path.replace('networks', 'mac_address'));
  // Without the image nothing says what it brings, so only what is declared can be held against the container.
  const isDeclared = (path: string): boolean => Object.hasOwn(declared, path);
  return names({ ...wanted, ...seen })
    .filter((path) => echoed(path) && !isDropped(path, observed.engine) && (madeFrom || isDeclared(path)))
    .flatMap((path): FieldDiff[] => {
      const [before, after] = [get(seen, path), get(wanted, path)];
      if (sameLeaf(before, after)) return [];
      if (saysNothing(path, { before, declared, have })) return [];
      // An address of hardware is given when a container is made
      const mend = hasMac(path) ? 'replace' : mendOf(path, after);
      const cause = causeOf(path, mend, have);
      const isContent = path === seccompPath && cause === 'file' && before !== undefined && after !== undefined;
      return [{ path, ...side('have', before), ...side('want', after), cause: isContent ? 'content' : cause, mend }];
    });
}

/**
 * A network that was removed and made again under its name is another network: what was attached to it hangs in the air. Nothing
 * could connect it to the old one again on the way back, so it is replaced, and the old container kept as it is until the commit.
 */
function staleNetworks({ settings }: ServiceSpec, have: SeenContainer, observed: Observed): FieldDiff[] {
  return names(settings.networks ?? {}).flatMap((name): FieldDiff[] => {
    const attachedTo = get(have.settings.networks ?? {}, name)?.id;
    const there = get(observed.networks, name)?.id;
    if (!attachedTo || attachedTo === there) return [];
    return [
      {
        path: `networks.${name}`,
        have: `network ${shortId(attachedTo)}`,
        want: there ? `network ${shortId(there)}` : 'a new network',
        cause: 'drift',
        mend: 'replace',
      },
    ];
  });
}

/** Of what the engine's inspect does not show at all, the label keeps only a hash. */
function unechoedDiffs({ settings }: ServiceSpec, { edited = [] }: SeenContainer): FieldDiff[] {
  return unechoed.flatMap(({ field, paths, called }): FieldDiff[] => {
    if (!edited.includes(field)) return [];
    const wanted = Object.entries(flatten(settings)).filter(([path]) => paths.test(path));
    const unknown = { have: '(unknown)', cause: 'file', mend: 'replace' } as const;
    return wanted.length > 0 ? wanted.map(([path, want]) => ({ path, want, ...unknown })) : [{ path: called, ...unknown }];
  });
}

function contentDiffs(service: ServiceSpec, have: SeenContainer): FieldDiff[] {
  const { volumes = [], files = [] } = service.settings;
  const inner = new Set(files.map(({ target }) => target));
  // Of files that are put somewhere else, that is all there is to say
  return [...volumes, ...(have.edited?.includes('files') ? [] : files)].flatMap(({ target, content }): FieldDiff[] => {
    if (content === undefined || !have.edited?.includes(`content.${target}`)) return [];
    if (service.onConfigChange === 'ignore') return [];
    // A file that lies inside the container itself is only read anew by making the container anew.
    const policy = inner.has(target) ? 'recreate' : service.onConfigChange;
    const mend = policy === 'recreate' ? 'replace' : policy === 'restart' ? 'restart' : 'signal';
    return [{ path: `content.${target}`, have: '(content before)', want: '(content changed)', cause: 'content', mend }];
  });
}

/** A default that is spelled out says nothing: the engine has it anyway. Options without a driver are those of the engine's own. */
function withoutDefaults(paths: ByName<Leaf>, { defaultLogDriver, defaults: usual }: EngineFacts): ByName<Leaf> {
  const hasLogOptions = Object.keys(paths).some((path) => path.startsWith('logging.options.'));
  const defaults: ByName<Leaf> = { ...usual, shm_size: dockerShmSize, ...(!hasLogOptions && { 'logging.driver': defaultLogDriver }) };
  const spelledOut = hasLogOptions ? { 'logging.driver': defaultLogDriver, ...paths } : paths;
  return fromEntries(Object.entries(spelledOut).filter(([path, value]) => get(defaults, path) !== value));
}

/** Whether the engine's inspect shows it. */
const echoed = (path: string): boolean => !unechoed.some(({ paths }) => paths.test(path));

/** What no inspect shows: the label of what was applied decides. Beside it, what a removed one is called. */
const unechoed: readonly { readonly field: keyof Settings; readonly paths: RegExp; readonly called: string }[] = [
  { field: 'files', paths: /^(secrets|configs)\./, called: 'secrets and configs' },
  { field: 'platform', paths: /^platform$/, called: 'platform' },
];

/** What an engine chooses by itself, some by settings of its own that it does not tell: what nobody declares is not held against it. */
const engineDecides: ReadonlySet<string> = new Set(['ipc', 'runtime', 'cgroup', 'mac_address', 'network_priority']);

interface Choice {
  readonly before: Leaf | undefined;
  readonly declared: ByName<Leaf>;
  readonly have: SeenContainer;
}

/** Whether a difference says nothing about the file. */
function saysNothing(path: string, { before, declared, have }: Choice): boolean {
  const [field = path] = path.split('.');
  // Nobody can say which ones a container has that Compose made
  if (field === 'post_start' || field === 'pre_stop') return !knowsHooks(have);
  if (!engineDecides.has(field) || have.edited?.includes(field)) return false;
  // That it is another one's memory was somebody's choice
  if (field === 'ipc' && typeof before === 'string' && /^(service|container):/.test(before)) return false;
  // Newer engines tell the hardware address of what runs only
  return !Object.hasOwn(declared, path) || (field === 'mac_address' && before === undefined);
}

/** Of the profile only the file's content is there to be compared. */
const seccompPath = 'security_opt.seccomp';

/** The names under which the label keeps the hashes of what decides about a path: an entrypoint clears the image's command. */
function decidedBy(path: string): string[] {
  if (isLimit(path)) return ['resources'];
  if (path === seccompPath) return ['seccomp'];
  const [field = path] = path.split('.');
  if (field === 'network_priority') return ['network_priority', 'networks'];
  return field === 'command' ? ['command', 'entrypoint'] : [field];
}

/**
 * The file, if the label of what was applied says so; otherwise somebody changed the machine. A container that Compose made has no
 * such label: what can only be set when a container is made must then come from the file, the rest is taken for drift.
 */
function causeOf(path: string, mend: FieldDiff['mend'], have: SeenContainer): Cause {
  if (have.edited) return decidedBy(path).some((field) => have.edited?.includes(field)) ? 'file' : 'drift';
  return mend === 'replace' && !isLimit(path) ? 'file' : 'drift';
}

/** In place where the engine can. A limit that is not declared any more needs a new container: the engine takes 0 for "unchanged". */
function mendOf(path: string, after: Leaf | undefined): FieldDiff['mend'] {
  if (path === 'restart') return 'update';
  if (isLimit(path)) return after === undefined ? 'replace' : 'update';
  if (path.startsWith('networks.')) return 'networks';
  return 'replace';
}

const sameLeaf = (left: Leaf | undefined, right: Leaf | undefined): boolean => canonical(comparable(left)) === canonical(comparable(right));

/** What is shown of a sealed value says nothing about it; its seal does. */
const comparable = (leaf: unknown): unknown => {
  if (Array.isArray(leaf)) return leaf.map(comparable);
  return typeof leaf === 'object' && leaf !== null && 'sealed' in leaf ? leaf.sealed : leaf;
};

function side<K extends 'have' | 'want'>(key: K, leaf: Leaf | undefined): Partial<Record<K, Leaf>> {
  return leaf === undefined ? {} : ({ [key]: leaf } as Record<K, Leaf>);
}
