import { sha256 } from '../lib/hash.ts';
import { fromEntries, mapValues, type ByName } from '../lib/record.ts';
import type { Leaf } from '../model/change.ts';
import type { Command } from '../model/hook.ts';
import type { Attachment, HealthCheck, InnerFile, Mount, Port, Settings } from '../model/settings.ts';
import { flattenResources } from './flatten-resources.ts';
import { portText } from '../model/host-socket.ts';

/** Settings as flat paths in Compose's words. What says nothing (false, an empty text or list) is left out, so that it equals absent. */
export function flatten(settings: Settings): ByName<Leaf> {
  const { environment, labels, ports, volumes, files, networks, healthcheck, ulimits, logging, ...plain } = settings;
  const { container_name: _name, image: _image, cap_add, cap_drop, expose, ...rest } = plain;
  const { resources: _resources, blkio_config: _rates, devices: _devices, device_requests: _requests, ...simple } = rest;
  const { seccomp, sysctls, annotations, storage_opt, mac_address, post_start = [], pre_stop = [], ...scalars } = simple;
  return withoutEmpty({
    ...scalars,
    restart: plain.restart === 'no' ? undefined : plain.restart,
    // The engine counts whole seconds.
    stop_grace_period: plain.stop_grace_period === undefined ? undefined : Math.ceil(plain.stop_grace_period / 1000) * 1000,
    ...(cap_add && { cap_add: cap_add.map(bareCapability).sort() }),
    ...(cap_drop && { cap_drop: cap_drop.map(bareCapability).sort() }),
    ...keyed('environment', environment ?? {}),
    ...keyed('labels', labels ?? {}),
    ...keyed('sysctls', sysctls ?? {}),
    ...keyed('annotations', annotations ?? {}),
    ...keyed('storage_opt', storage_opt ?? {}),
    ...keyed('mac_address', mac_address ?? {}),
    security_opt: securityOf(settings),
    // Longer than anybody reads
    'security_opt.seccomp': seccomp && `profile ${sha256(seccomp).slice(0, 12)}`,
    oom_score_adj: settings.oom_score_adj === 0 ? undefined : settings.oom_score_adj,
    // What is published is exposed by that
    expose: expose?.filter((port) => !(ports ?? []).some(({ target, protocol }) => port === `${target}/${protocol}`)),
    ...fromEntries((ports ?? []).map((port: Port) => [`ports.${portText(port)}`, portText(port)] as const)),
    ...fromEntries((volumes ?? []).map((mount) => [`volumes.${mount.target}`, mountText(mount)] as const)),
    ...fromEntries((files ?? []).map((file) => [`${file.kind}s.${file.name}`, fileText(file)] as const)),
    ...keyed('networks', mapValues(networks ?? {}, attachmentText)),
    ...keyed('healthcheck', healthLeaves(healthcheck ?? {})),
    ...fromEntries([...hookLeaves('post_start', post_start), ...hookLeaves('pre_stop', pre_stop)]),
    ...flattenResources(settings),
    ...keyed(
      'ulimits',
      mapValues(ulimits ?? {}, ({ soft, hard }) => (soft === hard ? soft : `${soft}:${hard}`)),
    ),
    ...(logging && { 'logging.driver': logging.driver, ...keyed('logging.options', logging.options) }),
  });
}

/** The engine takes 0 for "its own default"; a check that is switched off is no check. */
function healthLeaves(check: HealthCheck): ByName<Leaf> {
  if (check.test?.[0] === 'NONE') return {};
  return fromEntries(Object.entries(check).filter(([, value]) => value !== 0));
}

const keyed = (prefix: string, values: ByName<Leaf>): ByName<Leaf> =>
  fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value] as const));

const hookLeaves = (kind: string, hooks: readonly Command[]): (readonly [string, Leaf])[] =>
  hooks.flatMap(({ environment = {}, ...plain }, i) => [
    ...Object.entries(plain).map(([key, value]: readonly [string, Leaf]) => [`${kind}.${i}.${key}`, value] as const),
    ...Object.entries(environment).map(([key, value]) => [`${kind}.${i}.environment.${key}`, value] as const),
  ]);

/** The engine writes this one down itself for a container that is close to its host (20.10 and 28). */
function securityOf({ security_opt, privileged, pid, ipc }: Settings): readonly string[] | undefined {
  const isClose = privileged === true || pid === 'host' || ipc === 'host';
  return isClose && security_opt?.join() === 'label=disable' ? undefined : security_opt;
}

/** Docker keeps capabilities as they were typed; "CAP_NET_ADMIN" and "net_admin" are one. */
const bareCapability = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

function mountText(mount: Mount): string {
  const { type, source, read_only, size, mode, propagation, selinux, recursive, nocopy, subpath, options: own = [] } = mount;
  const what = source === '' ? (type === 'volume' ? 'anonymous volume' : type) : `${type} ${source}`;
  const options = [
    read_only && 'read-only',
    size && `size=${size}`,
    mode !== undefined && `mode=${mode.toString(8)}`,
    ...own,
    propagation,
    selinux && `selinux=${selinux}`,
    recursive && `recursive=${recursive}`,
    nocopy && 'nocopy',
    subpath !== undefined && `subpath=${subpath}`,
  ].filter(Boolean);
  return options.length > 0 ? `${what} (${options.join(', ')})` : what;
}

function attachmentText({ aliases, ipv4_address, ipv6_address, link_local_ips = [], driver_opts = {}, gw_priority }: Attachment): string {
  const addresses = [ipv4_address, ipv6_address, ...[...link_local_ips].sort()].filter((each) => each !== undefined && each !== '');
  const options = Object.entries(driver_opts).sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    [...aliases].sort().join(', '),
    ...(addresses.length > 0 ? [`at ${addresses.join(', ')}`] : []),
    ...(gw_priority ? [`gw_priority=${gw_priority}`] : []),
    ...options.map(([key, value]) => `${key}=${value}`),
  ].join(' ');
}

const fileText = ({ target, uid, gid, mode }: InnerFile): string => `${target} ${uid}:${gid} ${mode.toString(8).padStart(4, '0')}`;

function withoutEmpty(paths: ByName<Leaf | undefined>): ByName<Leaf> {
  const says = ([path, value]: readonly [string, Leaf | undefined]): boolean =>
    value !== undefined &&
    value !== null &&
    value !== false &&
    !(Array.isArray(value) && value.length === 0) &&
    (value !== '' || isEntry(path));
  return fromEntries(Object.entries(paths).filter((entry): entry is [string, Leaf] => says(entry)));
}

/** An environment variable, label or option may be empty and still be there. */
const isEntry = (path: string): boolean =>
  /^(environment|labels|annotations|sysctls|logging\.options|networks|(post_start|pre_stop)\.\d+\.environment)\./.test(path);
