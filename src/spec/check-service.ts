import { get, names } from '../lib/record.ts';
import type { Referring } from './check-references.ts';
import type { DeclaredService } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

interface Checking {
  readonly name: string;
  readonly service: DeclaredService;
  readonly referring: Referring;
  readonly at: (...path: readonly string[]) => Mark;
}

type Check = (checking: Checking) => readonly Finding[];

/** Reports what contradicts itself within one service: `no-image`, `distinct-values`, `unknown-value` and others. */
export function checkService(name: string, service: DeclaredService, referring: Referring): void {
  const at = (...path: readonly string[]) => referring.markOf('services', name, ...path);
  for (const check of checks) for (const finding of check({ name, service, referring, at })) referring.report(finding);
}

const image: Check = ({ name, service, at }) =>
  (service.image ?? '') === '' && !service.build && !service.provider
    ? [{ code: 'no-image', message: `the service "${name}" has neither "image" nor "build"`, mark: at() }]
    : [];

const networks: Check = ({ service, at }) =>
  (service.network_mode ?? '') !== '' && names(service.networks ?? {}).length > 0
    ? [{ code: 'network-mode-and-networks', message: '"network_mode" and "networks" exclude each other', mark: at('network_mode') }]
    : [];

const build: Check = ({ service, at, referring }) => {
  const { dockerfile = '', dockerfile_inline = '', platforms = [], additional_contexts = {} } = service.build ?? {};
  const findings: Finding[] = [];
  if (dockerfile !== '' && dockerfile_inline !== '') {
    const message = '"dockerfile" and "dockerfile_inline" exclude each other';
    findings.push({ code: 'two-dockerfiles', message, mark: at('build', 'dockerfile_inline') });
  }
  if (platforms.length > 0 && (service.platform ?? '') !== '' && !platforms.includes(service.platform ?? '')) {
    const message = `"platforms" does not hold "${service.platform ?? ''}", the platform that the service runs on`;
    findings.push({ code: 'distinct-values', message, mark: at('build', 'platforms') });
  }
  for (const [key, context] of Object.entries(additional_contexts)) {
    const target = context.startsWith('service:') ? context.slice('service:'.length) : undefined;
    if (target === undefined) continue;
    const other = get(referring.stack.services, target);
    const mark = at('build', 'additional_contexts', key);
    if (!other) findings.push({ code: 'undefined-service', message: `there is no service "${target}"`, mark });
    else if (!other.build) findings.push({ code: 'no-build', message: `the service "${target}" is not built`, mark });
  }
  return findings;
};

const healthcheck: Check = ({ service, at }) => {
  const kind = service.healthcheck?.test?.[0];
  if (kind === undefined || ['NONE', 'CMD', 'CMD-SHELL'].includes(kind)) return [];
  const message = 'a health check that is a list must begin with "CMD", "CMD-SHELL" or "NONE"';
  return [{ code: 'bad-healthcheck', message, mark: at('healthcheck', 'test', '0') }];
};

/** Two keys for one thing must say the same. */
const twice: Check = ({ service, at }) => {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const pairs = [
    ['scale', 'deploy.replicas', service.scale, service.deploy?.replicas, false],
    ['cpus', 'deploy.resources.limits.cpus', service.cpus, limits && (limits.cpus ?? 0), true],
    ['mem_limit', 'deploy.resources.limits.memory', service.mem_limit, limits && (limits.memory ?? '0'), true],
    [
      'mem_reservation',
      'deploy.resources.reservations.memory',
      service.mem_reservation,
      reservations && (reservations.memory ?? '0'),
      true,
    ],
    ['pids_limit', 'deploy.resources.limits.pids', service.pids_limit, limits && (limits.pids ?? 0), true],
  ] as const;
  return pairs.flatMap(([short, long, value = 0, other, zeroIsNone]) => {
    const isSilent = zeroIsNone ? Number(value) === 0 : service.scale === undefined;
    if (isSilent || other === undefined || String(value) === String(other)) return [];
    return [{ code: 'distinct-values', message: `"${short}" and "${long}" say different things`, mark: at(short) }];
  });
};

const replicas: Check = ({ service, at }) => {
  const count = service.scale ?? service.deploy?.replicas ?? 1;
  if (count <= 1 || (service.container_name ?? '') === '') return [];
  const message = `${count} containers cannot all be called "${service.container_name ?? ''}"`;
  const hint = `remove container_name or ${service.scale === undefined ? 'deploy.replicas' : 'scale'}`;
  return [{ code: 'container-name-and-replicas', message, mark: at('container_name'), hint }];
};

const watch: Check = ({ service, at }) =>
  (service.develop?.watch ?? []).flatMap(({ action, target = '' }, i) =>
    target === '' && action !== 'rebuild' && action !== 'restart'
      ? [{ code: 'missing-key', message: `"target" is missing: where "${action}" puts the files`, mark: at('develop', 'watch', String(i)) }]
      : [],
  );

const checks: readonly Check[] = [image, networks, build, healthcheck, twice, replicas, watch];
