import { fromEntries, type ByName } from '../lib/record.ts';
import type { FileInside } from '../platform/importable.ts';
import type { Writing } from './imported.ts';

interface ImportingFiles {
  readonly service: string;
  /** What was put into its first container; the others have the same. */
  readonly files: readonly FileInside[];
  readonly writing: Writing;
}

interface ImportedFiles {
  readonly secrets: readonly unknown[] | undefined;
  readonly configs: readonly unknown[] | undefined;
  /** For the top of the file. */
  readonly declared: { readonly secrets: ByName<unknown>; readonly configs: ByName<unknown> };
}

/** Secrets and configs that are no files of the host: a secret's content becomes a variable, a config's stands in the file. */
export function importFiles({ service, files, writing }: ImportingFiles): ImportedFiles {
  const secrets = files.filter(({ target }) => isSecret(target));
  const configs = files.filter(({ target }) => !isSecret(target));
  const keyOf = ({ target }: FileInside): string =>
    `${service}-${target.slice(target.lastIndexOf('/') + 1)}`.replaceAll(/[^a-zA-Z0-9._-]/g, '-');
  const content = (file: FileInside): string => writing.text([service, keyOf(file)], file.content);
  const use = (file: FileInside) => ({ source: keyOf(file), target: file.target, ...rightsOf(file) });
  return {
    secrets: secrets.length > 0 ? secrets.map(use) : undefined,
    configs: configs.length > 0 ? configs.map(use) : undefined,
    declared: {
      secrets: fromEntries(secrets.map((file) => [keyOf(file), { environment: content(file).replace(/^\$\{(.*)\}$/, '$1') }] as const)),
      configs: fromEntries(configs.map((file) => [keyOf(file), { content: content(file) }] as const)),
    },
  };
}

const isSecret = (target: string): boolean => target.startsWith('/run/secrets/');

/** Unless they are the usual ones. */
function rightsOf({ uid, gid, mode }: FileInside) {
  return {
    ...(uid !== 0 && { uid: String(uid) }),
    ...(gid !== 0 && { gid: String(gid) }),
    ...(mode !== 0o444 && { mode: mode.toString(8).padStart(4, '0') }),
  };
}
