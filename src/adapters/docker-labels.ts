import { randomBytes } from 'node:crypto';
import { canonical } from '../lib/canonical.ts';
import { sha256 } from '../lib/hash.ts';
import { fromEntries, get, type ByName } from '../lib/record.ts';
import { appliedOf, isApplied, type Applied } from '../model/applied.ts';
import type { NetworkSpec, VolumeSpec } from '../model/desired.ts';
import { isToolLabel } from '../model/tool-label.ts';
import { isSealed } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';
import type { ContainerOrder, Owner } from '../platform/engine.ts';
import { hooksLabel } from './docker-hooks.ts';

const compose = 'com.docker.compose';
const own = 'io.stackctl';

/** Names of the labels that say whose a thing is. */
export const labelNames = {
  stack: `${compose}.project`,
  service: `${compose}.service`,
  number: `${compose}.container-number`,
  dependsOn: `${compose}.depends_on`,
  oneoff: `${compose}.oneoff`,
  files: `${compose}.project.config_files`,
  workingDir: `${compose}.project.working_dir`,
  run: `${own}.run`,
  applied: `${own}.applied`,
  hooks: `${own}.hooks`,
  /** JSON: names whose values are sensitive though they do not look so, and paths of files whose content is. */
  sensitive: `${own}.sensitive`,
  declared: `${own}.declared`,
  /** The reference as the file has it, of a container that was made from an image by digest or id. */
  image: `${own}.image`,
} as const;

/** Labels that people declared: without those of Compose, of Docker Desktop and of stackctl. */
export const declaredLabels = (labels: ByName<string>): ByName<string> =>
  fromEntries(Object.entries(labels).filter(([name]) => !isToolLabel(name)));

/** All labels of a new container: the declared ones, each that Docker Compose 2.40 sets, and ours. */
export function containerLabels(order: ContainerOrder, vault: Vault): ByName<string> {
  const applied = appliedOf(order.settings, randomBytes(16).toString('hex'), vault.open);
  const hooks = hooksLabel(order.settings, applied, vault);
  const sensitive = [...vault.alsoSensitive, ...sealedFiles(order)];
  return {
    ...openedLabels(order.settings.labels ?? {}, vault),
    ...ownerLabels(order.owner),
    // Compose looks whether it is there, its value need not be Compose's (design, section 4); it covers no open secret
    [`${compose}.config-hash`]: sha256(canonical(applied.hashes)),
    [labelNames.service]: order.service,
    [labelNames.number]: String(order.number),
    [labelNames.oneoff]: 'False',
    [labelNames.files]: order.files.join(','),
    [labelNames.workingDir]: order.workingDir,
    [labelNames.dependsOn]: order.dependsOn,
    [`${compose}.image`]: order.imageId,
    [labelNames.applied]: JSON.stringify(applied),
    ...(hooks !== undefined && { [labelNames.hooks]: hooks }),
    ...(sensitive.length > 0 && { [labelNames.sensitive]: JSON.stringify(sensitive) }),
    ...(order.image !== undefined && { [labelNames.image]: order.settings.image }),
  };
}

const sealedFiles = ({ settings }: ContainerOrder): string[] =>
  (settings.files ?? []).flatMap(({ content, target }) => (isSealed(content) ? [target] : []));

export const networkLabels = (network: NetworkSpec, owner: Owner, vault: Vault): ByName<string> => ({
  ...openedLabels(network.labels, vault),
  ...ownerLabels(owner),
  [`${compose}.network`]: network.key,
  ...(network.declared && { [labelNames.declared]: JSON.stringify(network.declared) }),
});

export const volumeLabels = (volume: VolumeSpec, owner: Owner, vault: Vault): ByName<string> => ({
  ...openedLabels(volume.labels, vault),
  ...ownerLabels(owner),
  [`${compose}.volume`]: volume.key,
});

/** What a container's label says was applied; a version that we do not know says nothing. */
export function appliedFrom(labels: ByName<string>): Applied | undefined {
  const text = get(labels, labelNames.applied);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isApplied(value) ? value : undefined;
  } catch {
    return undefined; // somebody else wrote it: as good as none
  }
}

/** Which options of a network its file declared, as its label says; undefined where nobody wrote it down. */
export const declaredFrom = (labels: ByName<string>): readonly string[] | undefined => namesFrom(labels, labelNames.declared);

/** What is sensitive in a container beside what looks so, as its label says. */
export const sensitiveFrom = (labels: ByName<string>): readonly string[] => namesFrom(labels, labelNames.sensitive) ?? [];

function namesFrom(labels: ByName<string>, label: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(get(labels, label) ?? 'null');
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
  } catch {
    return undefined; // somebody else wrote it: as good as none
  }
}

// Networks and volumes get no config-hash: Compose 2.40 leaves those without one alone, but offers to make a volume with another
// one again ("data will be lost") and makes such a network again without asking
const ownerLabels = (owner: Owner): ByName<string> => ({
  [labelNames.stack]: owner.stack,
  [`${compose}.version`]: 'stackctl',
  [labelNames.run]: owner.run,
});

const openedLabels = (labels: NonNullable<ContainerOrder['settings']['labels']>, vault: Vault): ByName<string> =>
  fromEntries(Object.entries(labels).map(([name, value]) => [name, vault.open(value)] as const));
