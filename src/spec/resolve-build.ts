import { resolvePath } from '../lib/posix-path.ts';
import { present, some } from '../lib/present.ts';
import { fromEntries, mapValues } from '../lib/record.ts';
import { isRemoteContext } from '../model/builder.ts';
import type { BuildSpec } from '../model/desired.ts';
import type { DeclaredBuild, DeclaredService } from './declared.ts';
import { buildUsesOf, textOfUse, type MountSources } from './resolve-mounts.ts';
import { ulimitOf } from './resolve-resources.ts';
import { textsOf } from './texts-of.ts';

/** How an image is built, as far as an engine can do it. It builds for one platform. */
export function buildSpec(build: DeclaredBuild, service: DeclaredService, sources: MountSources): BuildSpec {
  const { directory, vault, stack } = sources;
  const secrets = buildUsesOf(service, stack).map((use) => [use.target, vault.seal(textOfUse(use, sources) ?? '')] as const);
  const context = build.context ?? directory;
  const file = build.dockerfile ?? 'Dockerfile';
  const args = Object.entries(build.args ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
  return present({
    context,
    dockerfile: isRemoteContext(context) ? file : resolvePath(context, file),
    dockerfileInline: build.dockerfile_inline,
    args: textsOf(fromEntries(args), vault),
    target: build.target,
    labels: some(textsOf(build.labels ?? {}, vault)),
    network: build.network,
    shmSize: build.shm_size === undefined ? undefined : Number(build.shm_size),
    extraHosts: some((build.extra_hosts ?? []).map((line) => line.replace('=', ':'))),
    cacheFrom: some(build.cache_from ?? []),
    noCache: build.no_cache,
    pull: build.pull,
    tags: some(build.tags ?? []),
    ulimits: some(mapValues(build.ulimits ?? {}, ulimitOf)),
    platform: service.platform ?? build.platforms?.[0],
    secrets: some(fromEntries(secrets)),
    ssh: some(fromEntries((build.ssh ?? []).map(agentOf))),
  });
}

/** Without a path it is the agent of whoever applies. */
function agentOf(key: string): readonly [id: string, path: string] {
  const at = key.indexOf('=');
  return at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)];
}
