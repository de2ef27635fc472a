import { get } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import type { InnerFile, Mount } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { Complete } from './complete.ts';
import type { DeclaredFile, DeclaredFileUse, DeclaredMount, DeclaredService } from './declared.ts';
import { contentKey } from './file-values.ts';
import { volumeName } from './engine-names.ts';
import { contentOf, type Files } from './file-answer.ts';
import { parseTmpfs } from './parse-tmpfs.ts';
import { textsOf } from './texts-of.ts';

export interface MountSources {
  readonly stack: Complete;
  /** The project directory. */
  readonly directory: string;
  readonly files: Files;
  readonly vault: Vault;
  readonly lookup: (name: string) => string | undefined;
}

/** What is mounted into the containers of a service, by target: volumes, tmpfs, and secrets and configs that are files of the host. */
export function resolveMounts(service: DeclaredService, sources: MountSources): Mount[] {
  const mounts = (service.volumes ?? []).map((mount) => mountOf(mount, sources));
  const memory = (service.tmpfs ?? []).flatMap((text): Mount[] => {
    const parsed = parseTmpfs(text);
    return parsed.ok ? [{ type: 'tmpfs', source: '', ...parsed.value }] : [];
  });
  const files = usesOf(service, sources.stack).flatMap(({ kind, target, declared, use }): Mount[] => {
    if (declared.file === undefined) return [];
    const text = contentOf(sources.files, declared.file);
    const content = text === undefined ? undefined : kind === 'secret' ? sources.vault.seal(text) : sources.vault.text(use.source, text);
    return [{ type: 'bind', source: declared.file, target, read_only: true, ...(content !== undefined && { content }) }];
  });
  const byTarget = new Map([...mounts, ...memory, ...files].map((mount) => [mount.target, mount]));
  return [...byTarget.values()].sort((left, right) => (left.target < right.target ? -1 : 1));
}

function mountOf(mount: DeclaredMount, sources: MountSources): Mount {
  const { type, source = '', target, read_only = false, tmpfs } = mount;
  if (type === 'volume') return volumeMount(mount, sources);
  if (type === 'bind') return bindMount(mount, sources);
  // Nobody can write to an image
  if (type === 'image') return present({ type, source, target, read_only: true, subpath: mount.image?.subpath });
  const size = tmpfs?.size === undefined ? undefined : Number(tmpfs.size);
  return present({ type, source: '', target, read_only, size, mode: tmpfs?.mode });
}

function volumeMount({ source = '', target, read_only = false, volume, bind }: DeclaredMount, { stack, vault }: MountSources): Mount {
  return present({
    type: 'volume' as const,
    source: source === '' ? '' : volumeName(stack, source),
    target,
    read_only,
    selinux: bind?.selinux,
    nocopy: volume?.nocopy || undefined,
    subpath: volume?.subpath,
    labels: volume?.labels && textsOf(volume.labels, vault),
  });
}

function bindMount({ source = '', target, read_only = false, bind }: DeclaredMount, { files, vault }: MountSources): Mount {
  const text = read_only ? contentOf(files, source) : undefined;
  return present({
    type: 'bind' as const,
    source,
    target,
    read_only,
    propagation: bind?.propagation === 'rprivate' ? undefined : bind?.propagation,
    selinux: bind?.selinux,
    recursive: bind?.recursive === 'enabled' ? undefined : bind?.recursive,
    mustExist: bind?.create_host_path === false ? (true as const) : undefined,
    content: text === undefined ? undefined : vault.text(source, text),
  });
}

/** Secrets and configs without a file of the host: they are put into the created container. */
export function resolveInnerFiles(service: DeclaredService, sources: MountSources): InnerFile[] {
  const { stack, vault } = sources;
  return usesOf(service, stack)
    .flatMap((found): InnerFile[] => {
      const { kind, target, declared, use } = found;
      const text = textOfUse(found, sources);
      if (declared.file !== undefined || text === undefined) return [];
      return [
        {
          kind,
          name: use.source,
          target,
          content: kind === 'secret' || declared.environment !== undefined ? vault.seal(text) : vault.text(use.source, text),
          uid: Number(use.uid ?? 0),
          gid: Number(use.gid ?? 0),
          mode: Number.parseInt(use.mode ?? '0444', 8),
        },
      ];
    })
    .sort((left, right) => (left.target < right.target ? -1 : 1));
}

interface FileUse {
  readonly kind: 'secret' | 'config';
  readonly use: DeclaredFileUse;
  readonly declared: DeclaredFile;
  /** Absolute. */
  readonly target: string;
}

/** The secrets of a service's build with their declarations; the target is the id under which the Dockerfile asks for each. */
export const buildUsesOf = ({ build }: DeclaredService, stack: Complete): FileUse[] =>
  (build?.secrets ?? []).flatMap((use) => {
    const declared = get(stack.secrets ?? {}, use.source);
    return declared ? [{ kind: 'secret' as const, use, declared, target: use.target ?? use.source }] : [];
  });

/** The text of a secret or config; undefined: there is none. */
export function textOfUse({ declared }: FileUse, { files, lookup }: MountSources): string | undefined {
  const { file, environment, content } = declared;
  if (file !== undefined) return contentOf(files, file);
  return environment === undefined ? content : (declared[contentKey] ?? lookup(environment) ?? '');
}

/** The secrets and configs of a service with their declarations. */
export function usesOf(service: DeclaredService, stack: Complete): FileUse[] {
  return (['secret', 'config'] as const).flatMap((kind) => {
    const folder = kind === 'secret' ? '/run/secrets/' : '/';
    return (service[`${kind}s`] ?? []).flatMap((use) => {
      const declared = get(stack[`${kind}s`] ?? {}, use.source);
      const target = use.target ?? use.source;
      return declared ? [{ kind, use, declared, target: target.startsWith('/') ? target : `${folder}${target}` }] : [];
    });
  });
}
