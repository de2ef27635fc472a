import { mapValues } from '../lib/record.ts';
import { parseDuration } from '../lib/duration.ts';
import { present, some } from '../lib/present.ts';
import type { HealthCheck, Port, Settings } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { DeclaredHealthCheck, DeclaredPort, DeclaredService } from './declared.ts';
import { hooksOf } from './resolve-hooks.ts';
import { isolationOf } from './resolve-isolation.ts';
import { resolveInnerFiles, resolveMounts, type MountSources } from './resolve-mounts.ts';
import { networksOf } from './resolve-networks.ts';
import { sharingOf } from './resolve-sharing.ts';
import { restartOf, resourcesOf, ulimitOf } from './resolve-resources.ts';
import { textsOf } from './texts-of.ts';

/** What the containers of a service are made of. */
export function resolveSettings(name: string, service: DeclaredService, sources: MountSources): Settings {
  const { stack, vault } = sources;
  const words = (list: readonly string[] | null | undefined) => list?.map((word) => vault.text('', word));
  return present({
    ...isolationOf(service, sources),
    ...hooksOf(service, vault),
    image: service.image || `${stack.name}-${name}`,
    container_name: service.container_name,
    command: words(service.command),
    entrypoint: words(service.entrypoint),
    environment: some(mapValues(service.environment ?? {}, (value, key) => (value === null ? null : vault.text(key, value)))),
    ports: some(portsOf(service.ports ?? [])),
    volumes: some(resolveMounts(service, sources)),
    files: some(resolveInnerFiles(service, sources)),
    ...networksOf(name, service, stack),
    network_mode: service.network_mode || undefined,
    ...sharingOf(service),
    healthcheck: service.healthcheck && healthCheckOf(service.healthcheck, vault),
    restart: restartOf(service),
    stop_grace_period: service.stop_grace_period === undefined ? undefined : parseDuration(service.stop_grace_period),
    stop_signal: service.stop_signal,
    resources: resourcesOf(service),
    labels: some(textsOf(service.labels ?? {}, vault)),
    user: service.user,
    working_dir: service.working_dir,
    cap_add: some(capabilities(service.cap_add ?? [])),
    cap_drop: some(capabilities(service.cap_drop ?? [])),
    read_only: service.read_only,
    ulimits: some(mapValues(service.ulimits ?? {}, ulimitOf)),
    extra_hosts: some((service.extra_hosts ?? []).map((line) => line.replace('=', ':')).sort()),
    dns: some(service.dns ?? []),
    init: service.init,
    privileged: service.privileged,
    shm_size: service.shm_size === undefined ? undefined : Number(service.shm_size),
    hostname: service.hostname,
    logging: service.logging && { driver: service.logging.driver ?? '', options: textsOf(service.logging.options ?? {}, vault) },
  });
}

function portsOf(ports: readonly DeclaredPort[]): Port[] {
  const key = ({ target, protocol, host_ip, published }: Port) => `${String(target).padStart(5, '0')}/${protocol} ${host_ip}:${published}`;
  return ports
    .map(({ target, protocol, host_ip = '', published = '' }) => ({
      target,
      protocol,
      host_ip,
      published: published === '0' ? '' : published,
    }))
    .sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function healthCheckOf(check: DeclaredHealthCheck, vault: Vault): HealthCheck | undefined {
  if (check.disable === true || check.test?.[0] === 'NONE') return { test: ['NONE'] };
  const ms = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  return some(
    present({
      test: check.test?.map((word) => vault.text('', word)),
      interval: ms(check.interval),
      timeout: ms(check.timeout),
      retries: check.retries,
      start_period: ms(check.start_period),
      start_interval: ms(check.start_interval),
    }),
  );
}

/** The engine takes NET_ADMIN and CAP_NET_ADMIN for the same. */
const capabilities = (list: readonly string[]): string[] =>
  [...new Set(list.map((each) => each.toUpperCase().replace(/^CAP_/, '')))].sort();
