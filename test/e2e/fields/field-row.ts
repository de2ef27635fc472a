import type Docker from 'dockerode';

/** A value of the field as it is first, as it is changed, and with the field taken out; without the last it stays changed. */
export type Versions<T> = readonly [base: T, changed: T, removed?: T];

export type Version = 0 | 1 | 2;

/** One field of a service, tried in a service of its own. "PROJECT" and "FOLDER" stand for the project's name and folder. */
export interface FieldRow {
  /** Of the service and of the test. */
  readonly name: string;
  /** Lines of the service. A key of `usual` that they name themselves is theirs. */
  readonly yaml: Versions<string>;
  /** Usual lines that it goes without. */
  readonly without?: readonly (keyof typeof usual)[];
  /** What the plan calls it, with its value in each version; undefined where there is nothing. */
  readonly paths: Readonly<Record<string, Versions<unknown>>>;
  /**
   * Paths of which no engine tells the value: the plan knows only that it is another one, and not even that of what Compose made.
   * What it calls them when they are not declared any more.
   */
  readonly hidden?: string;
  /** Changed and taken out without a new container. */
  readonly inPlace?: 'always' | 'changed';
  /** Networks that can only be mended by a new container, because of what else is declared there. */
  readonly forced?: readonly string[];
  /** Looks at what the container really has. */
  readonly see: (look: Look) => unknown;
  readonly seen: Versions<unknown>;
  /** Other services that it needs, as lines below `services:`. */
  readonly beside?: string;
}

/** The inspect answer of the service's container, and a way into it. */
export interface Look extends Docker.ContainerInspectInfo {
  /** What a command inside prints. */
  inside(...words: readonly string[]): Promise<string>;
}

/** What each service has beside its field: quick to start and to stop. */
const usual = {
  image: 'stackctl/busybox:1',
  command: '[sleep, "99999"]',
  network_mode: 'none',
  stop_grace_period: '0s',
  'x-stack': '{ ready: [{ stable: 100ms }] }',
};

/** The stack file of some rows in one version; `top` is what stands beside `services:`. */
export function stackText(rows: readonly FieldRow[], version: Version, top = ''): string {
  const services = rows.map((row) => serviceTextOf(row, version) + (row.beside ?? ''));
  return `services:\n${services.join('')}${top}`;
}

const serviceTextOf = (row: FieldRow, version: Version): string => serviceText(row.name, versionOf(row.yaml, version), row.without);

/** A service with the usual lines and its own. */
export function serviceText(name: string, yaml: string, without: FieldRow['without'] = []): string {
  const own = yaml.split('\n');
  const added = Object.entries(usual).filter(
    ([key]) => !without.some((each) => each === key) && !own.some((line) => line.startsWith(`${key}:`)),
  );
  const lines = [...added.map(([key, value]) => `${key}: ${value}`), ...own];
  return [`  ${name}:`, ...lines.map((line) => `    ${line}`), ''].join('\n');
}

export const versionOf = <T>(versions: Versions<T>, version: Version): T => (version === 2 ? afterRemoval(versions) : versions[version]);

const afterRemoval = <T>(versions: Versions<T>): T => (versions.length === 3 ? (versions[2] as T) : versions[1]);

/** What `plan --json` says of one field. */
export interface FieldJson {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly cause: string;
  readonly forces_replacement: boolean;
}

/** What the plan is to say when the row goes from one version to the next. */
export function expectedFields(row: FieldRow, to: 1 | 2, madeBy: 'stackctl' | 'compose'): FieldJson[] {
  if (row.hidden) return hiddenFields(row, to);
  const inPlace = row.inPlace === 'always' || (row.inPlace === 'changed' && to === 1);
  const cause = inPlace && madeBy === 'compose' ? 'drift' : 'file';
  return Object.entries(row.paths)
    .map(([path, versions]) => ({ path, before: versionOf(versions, to === 1 ? 0 : 1), after: versionOf(versions, to) }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
    .map(({ path, before, after }) => ({
      path,
      ...(before !== undefined && { before: shown(before) }),
      ...(after !== undefined && { after: shown(after) }),
      cause,
      // A network alone never asks for a new container
      forces_replacement: !inPlace && (!path.startsWith('networks.') || row.forced?.includes(path) === true),
    }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** A value that a plan may not show: two of them differ, and look the same. */
export const sensitive = (is: string): unknown => ({ sensitive: true, is });

const shown = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'sensitive' in value ? { sensitive: true } : value;

/** The engine keeps no such value: what was there is not known, and what is not declared any more has no name. */
function hiddenFields({ paths, hidden = '' }: FieldRow, to: 1 | 2): FieldJson[] {
  const unknown = { before: '(unknown)', cause: 'file', forces_replacement: true };
  if (to === 2) return [{ path: hidden, ...unknown }];
  return Object.entries(paths).map(([path, versions]) => ({ path, after: versionOf(versions, to), ...unknown }));
}
