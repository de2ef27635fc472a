import { fromEntries, type ByName } from '../lib/record.ts';
import { isBare } from './bare.ts';
import { naturally } from './natural-order.ts';
import { rulesOf, rulesUnder, type Rules } from './rules.ts';

const serviceKeys =
  'profiles annotations attach build develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count cpu_percent cpu_period cpu_quota ' +
  'cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command configs container_name credential_spec depends_on deploy device_cgroup_rules ' +
  'devices dns dns_opt dns_search domainname entrypoint provider environment env_file expose extends external_links extra_hosts group_add ' +
  'gpus hostname healthcheck image init ipc isolation labels label_file links logging mem_limit mem_reservation memswap_limit ' +
  'mem_swappiness mac_address models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports privileged ' +
  'pull_policy read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls ' +
  'tmpfs tty ulimits use_api_socket user userns_mode uts volume_driver volumes volumes_from working_dir post_start pre_stop';

const hook = 'command user privileged working_dir environment';
const file = 'source target uid gid mode';
const device = 'capabilities driver count device_ids options';

/** The order in which the reference prints the keys of a place (compose-go's structs); names and what is not listed follow the alphabet. */
const orders = rulesOf<string>({
  'services.*': serviceKeys,
  'services.*.post_start.*': hook,
  'services.*.pre_stop.*': hook,
  'services.*.blkio_config': 'weight weight_device device_read_bps device_read_iops device_write_bps device_write_iops',
  'services.*.build.secrets.*': file,
  'services.*.develop.watch.*.exec': hook,
  'services.*.gpus.*': device,
  'services.*.provider': 'type options',
  'services.*.build':
    'context dockerfile dockerfile_inline entitlements args provenance sbom ssh labels cache_from cache_to no_cache additional_contexts pull extra_hosts isolation network target secrets shm_size tags ulimits platforms privileged',
  'services.*.credential_spec': 'config file registry',
  'services.*.depends_on.*': 'condition restart required',
  'services.*.deploy': 'mode replicas labels update_config rollback_config resources restart_policy placement endpoint_mode',
  'services.*.deploy.placement': 'constraints preferences max_replicas_per_node',
  'services.*.deploy.resources.limits': 'cpus memory pids devices generic_resources',
  'services.*.deploy.resources.reservations': 'cpus memory pids devices generic_resources',
  'services.*.deploy.resources.reservations.devices.*': device,
  'services.*.deploy.restart_policy': 'condition delay max_attempts window',
  'services.*.deploy.rollback_config': 'parallelism delay failure_action monitor max_failure_ratio order',
  'services.*.deploy.update_config': 'parallelism delay failure_action monitor max_failure_ratio order',
  'services.*.develop.watch.*': 'path action target exec include ignore initial_sync',
  'services.*.devices.*': 'source target permissions',
  'services.*.healthcheck': 'test timeout interval retries start_period start_interval disable',
  'services.*.ports.*': 'name mode host_ip target published protocol app_protocol',
  'services.*.secrets.*': file,
  'services.*.configs.*': file,
  'services.*.ulimits.*': 'soft hard',
  'services.*.build.ulimits.*': 'soft hard',
  'services.*.volumes.*': 'type source target read_only consistency bind volume tmpfs image',
  'services.*.volumes.*.bind': 'selinux propagation create_host_path recursive',
  'services.*.volumes.*.tmpfs': 'size mode',
  'networks.*': 'name driver driver_opts ipam external internal attachable labels enable_ipv4 enable_ipv6',
  'networks.*.ipam': 'driver config',
  'networks.*.ipam.config.*': 'subnet gateway ip_range aux_addresses',
  'models.*': 'name model context_size runtime_flags',
  'volumes.*': 'name driver driver_opts external labels',
  'secrets.*': 'name file environment content external labels driver driver_opts template_driver',
  'configs.*': 'name file environment content external labels driver driver_opts template_driver',
});

const sections = 'name services networks volumes secrets configs models';

type SaysNothing = (value: unknown) => boolean;

/** Places that are left out where they say nothing. */
const leftOut = rulesOf<SaysNothing>({
  'networks.*.ipam': isEmpty,
  'services.*.command': isNull,
  'services.*.entrypoint': isNull,
  'services.*.deploy.placement': isEmpty,
  'services.*.deploy.resources': isEmpty,
  'services.*.develop.watch.*.exec': isEmpty,
});

/** Keys that stand there even if they are zero, which JSON leaves out. */
const zeros = rulesOf<string>({ 'services.*.ulimits.*': 'soft hard', 'services.*.build.ulimits.*': 'soft hard' });

interface At {
  readonly order: Rules<string> | undefined;
  readonly silent: Rules<SaysNothing> | undefined;
  readonly zeros: Rules<string> | undefined;
}

/** Where the keys of structs stand in their order, or all keys, also of those, in that of the alphabet. */
type Order = 'structs' | 'alphabet';

/** A model in the order of go-yaml 3, without what says nothing. */
export const yamlForm = (model: ByName<unknown>, order: Order = 'structs'): ByName<unknown> =>
  formed(
    model,
    order === 'structs'
      ? { order: { ...orders, rule: sections }, silent: leftOut, zeros }
      : { order: undefined, silent: undefined, zeros: undefined },
  ) as ByName<unknown>;

function formed(value: unknown, at: At): unknown {
  if (Array.isArray(value)) return value.map((item) => formed(item, under(at, '*')));
  if (typeof value !== 'object' || value === null || isBare(value)) return value;
  const order = at.order?.rule?.split(' ') ?? [];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return fromEntries(
    Object.entries({ ...zerosAt(at), ...value })
      .filter(([key, inner]) => under(at, key).silent?.rule?.(inner) !== true)
      .sort(([one], [other]) => rank(one) - rank(other) || naturally(one, other))
      .map(([key, inner]) => [key, formed(inner, under(at, key))] as const),
  );
}

const zerosAt = ({ zeros: keys }: At): ByName<number> => fromEntries((keys?.rule?.split(' ') ?? []).map((key) => [key, 0] as const));

const under = (at: At, key: string): At => ({
  order: rulesUnder(at.order, key),
  silent: rulesUnder(at.silent, key),
  zeros: rulesUnder(at.zeros, key),
});

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isNull);
}

function isNull(value: unknown): boolean {
  return value === null;
}
