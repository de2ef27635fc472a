import { canonical } from '../lib/canonical.ts';
import { keyedHash } from '../lib/hash.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { Settings } from './settings.ts';
import { isSealed, type Text } from './text.ts';

/**
 * What was applied when a container was made: a short keyed hash per declared field, kept in its label. It answers "did the file
 * change?" without asking the engine, which does not echo everything it was given (design, section 5).
 */
export interface Applied {
  /** Of the canonical form; another version says nothing about the file. */
  readonly version: 1;
  /** 16 random bytes in hex, made for that container, so that short secrets are not the same everywhere. */
  readonly key: string;
  /** By field ("environment"), and by "content.TARGET" for each file whose content counts. */
  readonly hashes: ByName<string>;
}

type Open = (text: Text) => string;

/** Whether a value that was read from somewhere is such a record, of a version that we know. */
export const isApplied = (value: unknown): value is Applied =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  value.version === 1 &&
  'key' in value &&
  typeof value.key === 'string' &&
  /^[0-9a-f]{32}$/.test(value.key) &&
  'hashes' in value &&
  typeof value.hashes === 'object' &&
  value.hashes !== null &&
  Object.values(value.hashes).every((hash) => typeof hash === 'string');

/** The record of what is applied, under a fresh key. */
export function appliedOf(settings: Settings, key: string, open: Open): Applied {
  const { volumes, files, ...plain } = settings;
  const bare = {
    ...plain,
    ...(volumes && { volumes: volumes.map(({ content: _content, ...mount }) => mount) }),
    // What the stack file calls it makes no other container
    ...(files && { files: files.map(({ content: _content, name: _name, kind: _kind, ...file }) => file) }),
  };
  const lasting = files?.filter(({ onlyOnce }) => !onlyOnce) ?? [];
  const contents = [...(volumes ?? []), ...lasting].map(({ target, content }) => [`content.${target}`, content] as const);
  const entries: (readonly [string, unknown])[] = [...Object.entries(bare), ...contents];
  return {
    version: 1,
    key,
    hashes: fromEntries(
      entries.filter(([, value]) => value !== undefined).map(([path, value]) => [path, keyedHash(key, canonical(opened(value, open)))]),
    ),
  };
}

/** Paths whose declaration is not what was applied: changed, added, or not declared any more. */
export function editedSince(applied: Applied, settings: Settings, open: Open): string[] {
  const now = appliedOf(settings, applied.key, open).hashes;
  const isSame = (path: string): boolean =>
    get(applied.hashes, path) === get(now, path) || (path === 'files' && applied.hashes[path] === namedFilesHash(settings, applied.key));
  return names({ ...applied.hashes, ...now }).filter((path) => !isSame(path));
}

/** As the first labels of version 1 had it: with the names of the secrets and configs. */
function namedFilesHash({ files }: Settings, key: string): string | undefined {
  return files && keyedHash(key, canonical(files.map(({ content: _content, ...file }) => file)));
}

function opened(value: unknown, open: Open): unknown {
  if (isSealed(value)) return open(value);
  if (Array.isArray(value)) return value.map((inner) => opened(inner, open));
  if (typeof value !== 'object' || value === null) return value;
  return fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner, open)] as const));
}
