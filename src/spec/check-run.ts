import { checkBuild } from './check-build.ts';
import { checkBackups } from './check-backups.ts';
import { checkData } from './check-data.ts';
import { checkFileUses } from './check-file-uses.ts';
import { checkMountOptions } from './check-mount-options.ts';
import type { Complete } from './complete.ts';
import type { DeclaredService } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';
import { byPriority } from './network-order.ts';
import { isProtocol, parseRange } from './parse-port.ts';
import { parseTmpfs } from './parse-tmpfs.ts';

type At = (...path: readonly string[]) => Mark;

type Check = (service: DeclaredService, at: At) => readonly Finding[];

/**
 * What the reference reads without a word and no engine could run, or this version cannot yet: `unknown-value`, `key-not-supported`,
 * `bad-…`, and `no-effect`, a warning, for what is passed over. Nothing of it keeps the model from being printed.
 */
export function checkRun(stack: Complete, markOf: At): Finding[] {
  const services = Object.entries(stack.services).flatMap(([name, service]) => {
    const at: At = (...path) => markOf('services', name, ...path);
    return [...checks.flatMap((check) => check(service, at)), ...checkFileUses(service, stack, at)];
  });
  return [...services, ...externals(stack, markOf), ...checkData(stack, markOf), ...checkBackups(stack, markOf)];
}

const networkMode: Check = ({ network_mode: mode = '' }, at) => {
  const mark = at('network_mode');
  if (['', 'bridge', 'host', 'none'].includes(mode) || /^(service|container):./.test(mode)) return [];
  const hint = 'host, none, bridge, service:NAME or container:NAME; other networks stand under "networks"';
  return [{ code: 'unknown-value', message: `"network_mode" cannot be "${mode}"`, mark, hint }];
};

const namespaces: Check = ({ pid = '', ipc = '' }, at) =>
  Object.entries({ pid, ipc }).flatMap(([key, mode]) => {
    if (!/^(service|container):$/.test(mode)) return [];
    return [{ code: 'unknown-value', message: `"${key}" cannot be "${mode}": the name is missing`, mark: at(key) }];
  });

const volumesFrom: Check = ({ volumes_from = [] }, at) =>
  volumes_from.flatMap((text, i) => {
    if (/^(container:)?[^:]+(:(ro|rw))?$/.test(text)) return [];
    const hint = '"SERVICE", "SERVICE:ro", "container:NAME" or "container:NAME:ro"';
    return [{ code: 'unknown-value', message: `"volumes_from" cannot have "${text}"`, mark: at('volumes_from', String(i)), hint }];
  });

/** An engine wants one name and one alias, and a network of the container's own. */
const links: Check = ({ links: own = [], external_links = [], network_mode: mode = '' }, at) =>
  Object.entries({ links: own, external_links }).flatMap(([key, texts]): Finding[] => {
    const isAlone = texts.length > 0 && (mode === 'host' || /^(service|container):/.test(mode));
    const alone = `"${key}" and "network_mode: ${mode}" exclude each other: the container has no network of its own`;
    const wrong = texts.flatMap((text, i): Finding[] => {
      if (/^[^:]+(:[^:]+)?$/.test(text)) return [];
      return [{ code: 'bad-link', message: `"${text}" is not a link`, mark: at(key, String(i)), hint: 'such as "db" or "db:store"' }];
    });
    return [...wrong, ...(isAlone ? [{ code: 'links-without-network', message: alone, mark: at(key) }] : [])];
  });

/** What joins no network, or another one's, is given no address; the service's own is that of its first network. */
const hardware: Check = ({ mac_address: mac = '', network_mode: mode = '', networks = {} }, at) => {
  if (mac === '') return [];
  const mark = at('mac_address');
  if (/^(host$|none$|service:|container:)/.test(mode)) {
    const message = `"mac_address" and "network_mode: ${mode}" exclude each other: the container has no network interface of its own`;
    return [{ code: 'mac-without-network', message, mark }];
  }
  const first = byPriority(networks)[0] ?? '';
  const other = networks[first]?.mac_address ?? '';
  if (other === '' || other.toLowerCase() === mac.toLowerCase()) return [];
  const message = `"mac_address" is ${mac}, but that of "${first}", the first network of the service, is ${other}`;
  return [{ code: 'two-mac-addresses', message, mark, hint: `the two are one and the same: remove it here, or under "networks"` }];
};

const exposed: Check = ({ expose = [] }, at) =>
  expose.flatMap((text, i) => {
    const [range = '', protocol = 'tcp'] = text.split('/');
    if (parseRange(range).ok && isProtocol(protocol)) return [];
    return [{ code: 'bad-port', message: `"${text}" is not a port of the container`, mark: at('expose', String(i)) }];
  });

const restart: Check = ({ restart: policy = '' }, at) => {
  if (policy === '' || /^(no|always|unless-stopped|on-failure(:\d+)?)$/.test(policy)) return [];
  const hint = '"no", "always", "unless-stopped", "on-failure" or "on-failure:5"';
  return [{ code: 'unknown-value', message: `"restart" cannot be "${policy}"`, mark: at('restart'), hint }];
};

const attempts: Check = ({ deploy: { restart_policy: { condition = 'any', max_attempts = 0 } = {} } = {} }, at) => {
  if (max_attempts === 0 || condition === 'on-failure') return [];
  const message = '"max_attempts" has no effect here: only "condition: on-failure" counts attempts';
  return [{ code: 'no-effect', severity: 'warning', message, mark: at('deploy', 'restart_policy', 'max_attempts') }];
};

const pullPolicy: Check = ({ pull_policy }, at) => {
  const policy: string = pull_policy ?? '';
  if (['', 'missing', 'always', 'never', 'build', 'refresh', 'daily', 'weekly'].includes(policy)) return [];
  const mark = at('pull_policy');
  if (/^every_(\d+[wdhms])+$/.test(policy)) return [];
  const hint = 'missing, always, never, build, refresh, daily, weekly or every_12h';
  return [{ code: 'unknown-value', message: `"pull_policy" cannot be "${policy}"`, mark, hint }];
};

const failureAction: Check = ({ deploy }, at) => {
  const action: string = deploy?.update_config?.failure_action ?? '';
  if (['', 'rollback', 'pause', 'continue'].includes(action)) return [];
  const message = `"failure_action" must be "rollback", "pause" or "continue", not "${action}"`;
  return [{ code: 'unknown-value', message, mark: at('deploy', 'update_config', 'failure_action') }];
};

const healthcheck: Check = ({ healthcheck: { test = [] } = {} }, at) => {
  const [kind, ...rest] = test;
  if (!['CMD', 'CMD-SHELL'].includes(kind ?? '') || rest.length > 0) return [];
  const message = `the health check has no command after "${kind ?? ''}"`;
  return [{ code: 'bad-healthcheck', message, mark: at('healthcheck', 'test', '0') }];
};

const swarmOnly = (key: string, mark: Mark): Finding => ({
  code: 'no-effect',
  severity: 'warning',
  message: `"${key}" has no effect here: only Swarm acts on it`,
  mark,
});

/** Every port has it (implied.ts), so it says nothing. */
const impliedMode = 'ingress';

const ports: Check = ({ ports: all = [] }, at) =>
  all.flatMap(({ target, published = '', protocol, mode }, i): Finding[] => {
    const wrong = (key: string, message: string) => [{ code: 'bad-port', message, mark: at('ports', String(i), key) }];
    if (target < 1 || target > 65_535) return wrong('target', `"${target}" is not a port of the container`);
    if (published !== '' && !parseRange(published).ok)
      return wrong('published', `"${published}" is not a port of the host, nor a range of them`);
    if (!isProtocol(protocol)) return wrong('protocol', `"${protocol}" is not a protocol: tcp, udp or sctp`);
    return mode === impliedMode || mode === '' ? [] : [swarmOnly('mode', at('ports', String(i), 'mode'))];
  });

const mounts: Check = ({ volumes = [] }, at) =>
  volumes.flatMap((mount, i) => {
    const isKnown = ['volume', 'bind', 'tmpfs', 'image'].includes(mount.type);
    const inMount: At = (...path) => at('volumes', String(i), ...path);
    return isKnown ? checkMountOptions(mount, inMount) : [{ ...elsewhere(mount.type), mark: inMount('type') }];
  });

/** What the specification has beside those that a Docker engine on Linux makes. */
const elsewhere = (type: string): Pick<Finding, 'code' | 'message'> => ({
  code: 'key-not-supported',
  message: `a mount of type "${type}" exists ${type === 'cluster' ? 'in Swarm' : 'on Windows'} only`,
});

const cpus: Check = ({ cpus: own = 0, deploy }, at) => [
  ...(own < 0 ? [negative(own, at('cpus'))] : []),
  ...(['limits', 'reservations'] as const).flatMap((part) => {
    const value = (deploy?.resources?.[part] as { readonly cpus?: number } | undefined)?.cpus ?? 0;
    return value < 0 ? [negative(value, at('deploy', 'resources', part, 'cpus'))] : [];
  }),
];

const negative = (value: number, mark: Mark): Finding => ({ code: 'bad-number', message: `"${value}" is not a number from 0 on`, mark });

const tmpfs: Check = ({ tmpfs: all = [] }, at) =>
  all.flatMap((text, i) => {
    const parsed = parseTmpfs(text);
    return parsed.ok ? [] : [{ ...parsed.error, mark: at('tmpfs', String(i)) }];
  });

const checks: readonly Check[] = [
  networkMode,
  namespaces,
  volumesFrom,
  links,
  hardware,
  exposed,
  restart,
  attempts,
  pullPolicy,
  failureAction,
  healthcheck,
  ports,
  mounts,
  cpus,
  tmpfs,
  ({ build = {} }, at) => checkBuild(build, at),
];

/** The reference passes over what is said of an external network, and takes secrets and configs that only Swarm has, and their names. */
function externals({ name: stack, networks = {}, secrets = {}, configs = {} }: Complete, markOf: At): Finding[] {
  const beside = Object.entries(networks).flatMap(([key, { external, name: _name, ...rest }]) => {
    const extra = external === true ? Object.entries(rest).find(([, value]) => !isEmpty(value))?.[0] : undefined;
    if (extra === undefined) return [];
    const message = `"external" and "${extra}" exclude each other: what exists already is not made`;
    return [{ code: 'external-and-more', message, mark: markOf('networks', key, extra) }];
  });
  const files = Object.entries({ secrets, configs }).flatMap(([section, all]) =>
    Object.entries(all).flatMap(([key, { external, name = '' }]): Finding[] => {
      if (external === true)
        return [{ code: 'key-not-supported', message: `external ${section} exist in Swarm only`, mark: markOf(section, key, 'external') }];
      return name === '' || name === `${stack}_${key}` ? [] : [swarmOnly('name', markOf(section, key, 'name'))];
    }),
  );
  return [...beside, ...files];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
