/**
 * Keys that the Compose Specification or `x-stack` has and this version does not act on yet: an error that says so, never silently
 * accepted. By place; "*" stands for any name or position. A key that is supported leaves this list and enters the schema.
 */
const laterKeys: readonly (readonly [place: string, keys: string])[] = [
  ['', 'include models'],
  [
    'services.*',
    `annotations attach blkio_config cgroup cgroup_parent cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime
     cpu_shares cpus cpuset credential_spec develop device_cgroup_rules devices dns_opt dns_search domainname expose extends
     external_links gpus group_add ipc isolation label_file links mac_address mem_limit mem_reservation mem_swappiness memswap_limit
     models oom_kill_disable oom_score_adj pid pids_limit platform post_start pre_stop provider runtime scale security_opt stdin_open
     storage_opt sysctls tty use_api_socket userns_mode uts volumes_from`,
  ],
  [
    'services.*.build',
    `additional_contexts cache_from cache_to dockerfile_inline entitlements extra_hosts isolation labels network no_cache platforms
     privileged provenance pull sbom secrets shm_size ssh tags ulimits x-stack`,
  ],
  ['services.*.ports.*', 'name app_protocol'],
  ['services.*.volumes.*', 'consistency image'],
  ['services.*.volumes.*.bind', 'propagation recursive selinux'],
  ['services.*.volumes.*.volume', 'labels nocopy subpath'],
  ['services.*.networks.*', 'driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address priority'],
  ['services.*.deploy', 'endpoint_mode labels mode placement restart_policy rollback_config'],
  ['services.*.deploy.resources.limits', 'devices generic_resources'],
  ['services.*.deploy.resources.reservations', 'cpus devices generic_resources'],
  ['services.*.deploy.update_config', 'delay max_failure_ratio'],
  ['services.*.x-stack', 'pool'],
  ['networks.*', 'attachable driver_opts enable_ipv4 enable_ipv6 ipam x-stack'],
  ['volumes.*', 'x-stack'],
  ['secrets.*', 'driver driver_opts external labels name template_driver'],
  ['configs.*', 'external labels name template_driver'],
  ['x-stack', 'ports'],
];

/** Whether a key at this path of a document is one that a later version will know. */
export function isLaterKey(path: readonly string[], key: string): boolean {
  return laterKeys.some(([place, keys]) => matches(place, path) && keys.split(/\s+/).includes(key));
}

function matches(place: string, path: readonly string[]): boolean {
  const steps = place === '' ? [] : place.split('.');
  return steps.length === path.length && steps.every((step, i) => step === '*' || step === path[i]);
}
