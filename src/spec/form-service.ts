import { labels, listOf, mapOf, mapOfAll, options, strictOptions, texts, variables } from './form-collections.ts';
import { build, ulimits } from './form-build.ts';
import { deploy, deviceRequest, replicas } from './form-deploy.ts';
import { fileUse } from './form-files.ts';
import { extraHosts } from './form-hosts.ts';
import { mounts, ports } from './form-mounts.ts';
import { serviceOptions } from './form-options.ts';
import { duration, flag, hidden, integer, kept, natural, number, size, text, wholeNumber, words, type Form } from './form-values.ts';
import { child, isNull, listNode, mapNode, scalarNode, silenced, textOf, type Node } from './node.ts';

const test: Form = (node) => {
  if (node.kind === 'list') return node.items.length === 0 ? silenced(node) : node;
  return listNode([scalarNode('CMD-SHELL', node.mark), scalarNode(textOf(node), node.mark)], node.mark);
};

const healthcheck = mapOf({
  test,
  interval: kept(duration),
  timeout: kept(duration),
  retries: kept(natural),
  start_period: kept(duration),
  start_interval: kept(duration),
  disable: flag,
});

const sixteenBits: Form = (node, scope) => {
  if (node.kind === 'scalar' && typeof node.value === 'number') return wholeNumber({ from: 0, to: 65_535 })(node, scope);
  scope.report({ code: 'bad-number', message: `"${textOf(node)}" is not a number`, mark: node.mark, hint: 'without quotes' });
  return undefined;
};

const rates = listOf(mapOf({ path: kept(text), rate: kept(size) }));

const blkio = mapOf({
  weight: sixteenBits,
  weight_device: listOf(mapOf({ path: kept(text), weight: kept(sixteenBits) })),
  device_read_bps: rates,
  device_read_iops: rates,
  device_write_bps: rates,
  device_write_iops: rates,
});

export const hook = mapOf({ command: words, user: text, privileged: flag, working_dir: text, environment: variables });

const trigger: Form = (node, scope) => {
  const formed = mapOf({
    path: kept(text),
    action: kept(text),
    target: text,
    exec: hook,
    include: texts,
    ignore: texts,
    initial_sync: flag,
  })(node, scope);
  if (formed?.kind !== 'map' || formed.entries.has('exec')) return formed;
  const exec = mapNode({ command: scalarNode(null, node.mark) }, node.mark);
  return { ...formed, entries: new Map(formed.entries).set('exec', { key: node.mark, node: exec }) };
};

const expose: Form = (node, scope) => {
  const items = node.kind === 'list' ? node.items : [];
  for (const item of items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'number' || Number.isInteger(item.value)) continue;
    scope.report({ code: 'bad-port', message: `"${item.text}" is not a port`, mark: item.mark });
  }
  return texts(node, scope);
};

/** A network or model that a service uses; without options it is null. */
const useOf =
  (form: Form): Form =>
  (node, scope) =>
    isNull(node) ? node : form(node, scope);

const networks = mapOfAll(
  useOf(
    mapOf({
      aliases: texts,
      driver_opts: options,
      gw_priority: integer,
      interface_name: text,
      ipv4_address: text,
      ipv6_address: text,
      link_local_ips: texts,
      mac_address: text,
      priority: integer,
    }),
  ),
);

const dependency = mapOf({ condition: text, restart: flag, required: kept(flag) });

const providerOptions = mapOfAll((node) => {
  const items: readonly Node[] = node.kind === 'list' ? node.items : [node];
  return listNode(
    items.map((item) => scalarNode(textOf(item), item.mark)),
    node.mark,
  );
});

/** Every attribute of a service with its form; `scale` is told in `deploy` too, as the reference does. */
export const service: Form = (node, scope) => {
  const formed = attributes(node, scope);
  const section = child(formed, 'deploy');
  const scale = child(formed, 'scale');
  if (formed?.kind !== 'map' || section?.kind !== 'map' || !scale || section.entries.has('replicas')) return formed;
  const scaled = { ...section, entries: new Map(section.entries).set('replicas', { key: scale.mark, node: scale }) };
  return { ...formed, entries: new Map(formed.entries).set('deploy', { key: section.mark, node: scaled }) };
};

const attributes = mapOf({
  annotations: labels,
  attach: kept(flag),
  blkio_config: blkio,
  build,
  cap_add: texts,
  cap_drop: texts,
  cgroup: text,
  cgroup_parent: text,
  command: words,
  configs: listOf(fileUse),
  container_name: text,
  cpu_count: wholeNumber({ from: 0, to: Number.MAX_SAFE_INTEGER }),
  cpu_percent: number(32),
  cpu_period: integer,
  cpu_quota: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpu_shares: integer,
  cpus: number(32),
  cpuset: text,
  credential_spec: mapOf({ config: text, file: text, registry: text }),
  depends_on: mapOfAll(dependency),
  deploy,
  develop: mapOf({ watch: listOf(trigger) }),
  device_cgroup_rules: texts,
  devices: listOf(mapOf({ source: text, target: text, permissions: text })),
  dns: texts,
  dns_opt: texts,
  dns_search: texts,
  domainname: text,
  entrypoint: words,
  env_file: listOf(mapOf({ path: text, required: kept(flag), format: text })),
  environment: variables,
  expose,
  extends: mapOf({ file: text, service: text }),
  external_links: texts,
  extra_hosts: extraHosts,
  gpus: listOf(deviceRequest),
  group_add: texts,
  healthcheck,
  hostname: text,
  image: text,
  init: kept(flag),
  ipc: text,
  isolation: text,
  label_file: texts,
  labels,
  links: texts,
  logging: mapOf({ driver: text, options }),
  mac_address: text,
  mem_limit: size,
  mem_reservation: size,
  mem_swappiness: size,
  memswap_limit: size,
  models: mapOfAll(useOf(mapOf({ endpoint_var: text, model_var: text }))),
  network_mode: text,
  networks,
  oom_kill_disable: flag,
  oom_score_adj: wholeNumber({ from: -1000, to: 1000 }),
  pid: text,
  pids_limit: integer,
  platform: text,
  ports,
  post_start: listOf(hook),
  pre_stop: listOf(hook),
  privileged: flag,
  profiles: texts,
  provider: mapOf({ type: text, options: providerOptions }),
  pull_policy: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: replicas,
  secrets: listOf(fileUse),
  security_opt: texts,
  shm_size: size,
  stdin_open: flag,
  stop_grace_period: kept(duration),
  stop_signal: text,
  storage_opt: strictOptions,
  sysctls: labels,
  tmpfs: texts,
  tty: flag,
  ulimits,
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: mounts,
  volumes_from: texts,
  working_dir: text,
  'x-stack': hidden(serviceOptions),
});
