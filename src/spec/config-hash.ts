import { goJsonText } from '../lib/go-json.ts';
import { sha256 } from '../lib/hash.ts';
import { jsonForm, printedAsWritten } from './config-model.ts';
import type { ByName } from '../lib/record.ts';
import type { Node } from './node.ts';
import { rulesOf, rulesUnder, type Rules } from './rules.ts';

/** The hash that Docker Compose gives each service, by name: of all that makes its containers, as Go writes it in JSON. */
export function configHashes(services: ReadonlyMap<string, Node>): ByName<string> {
  const printed = Object.fromEntries([...services].map(([name, node]) => [name, printedAsWritten(node)]));
  const { services: models } = jsonForm({ services: printed }) as { readonly services: ByName<ByName<unknown>> };
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, hashOf(model)]));
}

/** What does not make a container has no part in it. */
function hashOf({ build: _b, pull_policy: _p, scale: _s, depends_on: _d, profiles: _r, ...model }: ByName<unknown>): string {
  const { deploy, env_file, label_file: _l, ...rest } = model;
  const { replicas: _n, ...whole } = (deploy ?? {}) as ByName<unknown>;
  const files = env_file === undefined ? {} : { env_file: (env_file as readonly EnvFile[]).map(shortEnvFile) };
  const hashed = { ...rest, ...files, ...(deploy !== undefined && { deploy: whole }) };
  return sha256(goJson(hashed, orders));
}

type EnvFile = ByName<unknown> & { readonly path: string; readonly required: boolean };

const shortEnvFile = (entry: EnvFile): unknown => (entry.required ? entry.path : entry);

const file = 'source target uid gid mode';
const hook = 'command user privileged working_dir environment';
const update = 'parallelism delay failure_action monitor max_failure_ratio order';
const resource = 'cpus memory pids devices generic_resources';
const devices = 'capabilities driver count device_ids options';

/** The order in which Go's structs have their fields; anything else is in the order of its keys. */
const fieldOrders: ByName<string> = {
  develop: 'watch',
  'develop.watch.*': 'path action target exec include ignore initial_sync',
  'develop.watch.*.exec': hook,
  blkio_config: 'weight weight_device device_read_bps device_read_iops device_write_bps device_write_iops',
  'configs.*': file,
  'secrets.*': file,
  credential_spec: 'config file registry',
  deploy: 'mode labels update_config rollback_config resources restart_policy placement endpoint_mode',
  'deploy.update_config': update,
  'deploy.rollback_config': update,
  'deploy.resources': 'limits reservations',
  'deploy.resources.limits': resource,
  'deploy.resources.reservations': resource,
  'deploy.resources.reservations.devices.*': devices,
  'deploy.restart_policy': 'condition delay max_attempts window',
  'deploy.placement': 'constraints preferences max_replicas_per_node',
  'devices.*': 'source target permissions',
  provider: 'type options',
  extends: 'file service',
  'gpus.*': devices,
  healthcheck: 'test timeout interval retries start_period start_interval disable',
  logging: 'driver options',
  'env_file.*': 'path required format',
  'models.*': 'endpoint_var model_var',
  'networks.*': 'aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address priority',
  'ports.*': 'name mode host_ip target published protocol app_protocol',
  'ulimits.*': 'soft hard',
  'volumes.*': 'type source target read_only consistency bind volume tmpfs image',
  'volumes.*.bind': 'selinux propagation create_host_path recursive',
  'volumes.*.volume': 'labels nocopy subpath',
  'volumes.*.tmpfs': 'size mode',
  'post_start.*': hook,
  'pre_stop.*': hook,
};

const serviceOrder = `annotations attach develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count cpu_percent cpu_period cpu_quota
  cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command configs container_name credential_spec deploy device_cgroup_rules devices dns
  dns_opt dns_search domainname entrypoint provider environment env_file expose extends external_links extra_hosts group_add gpus hostname
  healthcheck image init ipc isolation labels label_file links logging mem_limit mem_reservation memswap_limit mem_swappiness mac_address models
  network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports privileged read_only restart runtime secrets
  security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts
  volumes volumes_from working_dir post_start pre_stop`;

const splitOrder = (text: string): readonly string[] => text.split(/\s+/);

const orders: Rules<readonly string[]> = {
  ...rulesOf(Object.fromEntries(Object.entries(fieldOrders).map(([place, keys]) => [place, splitOrder(keys)]))),
  rule: splitOrder(serviceOrder),
};

function goJson(value: unknown, rules: Rules<readonly string[]> | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item, rulesUnder(rules, '*'))).join(',')}]`;
  if (typeof value !== 'object' || value === null) return goJsonText(JSON.stringify(value));
  const record = value as ByName<unknown>;
  const keys = rules?.rule ? rules.rule.filter((key) => Object.hasOwn(record, key)) : Object.keys(record).sort();
  return `{${keys.map((key) => `${goJsonText(JSON.stringify(key))}:${goJson(record[key], rulesUnder(rules, key))}`).join(',')}}`;
}
