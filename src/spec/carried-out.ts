/** Who acts on a key, when it is not the engine by way of stackctl. */
export type Actor =
  'nobody' | 'pull_policy' | 'buildx' | 'dockerfile' | 'provider' | 'model' | 'swarm' | 'builder' | 'windows' | 'watch' | 'mac';

/**
 * Keys that are read, checked and printed, and that `plan` and `apply` do not act on, by place; "*" stands for any name or position.
 * A key that is carried out leaves this table; nothing else has to know.
 */
export const notCarriedOut: readonly (readonly [place: string, actor: Actor, keys: string])[] = [
  ['', 'model', 'models'],
  ['services.*', 'pull_policy', 'pull_refresh_after'],
  ['services.*', 'model', 'models'],
  ['services.*', 'provider', 'provider'],
  ['services.*', 'windows', 'cpu_count cpu_percent credential_spec isolation'],
  ['services.*', 'watch', 'develop'],
  ['services.*.build', 'buildx', 'additional_contexts'],
  ['services.*.build.secrets.*', 'dockerfile', 'gid mode uid'],
  ['services.*.build', 'builder', 'cache_to entitlements privileged provenance sbom'],
  ['services.*.build', 'windows', 'isolation'],
  // "mode" too, but it is implied everywhere: check-run.ts
  ['services.*.ports.*', 'nobody', 'app_protocol name'],
  ['services.*.volumes.*', 'mac', 'consistency'],
  ['services.*.deploy', 'swarm', 'endpoint_mode labels mode placement rollback_config'],
  ['services.*.deploy.restart_policy', 'swarm', 'delay window'],
  ['services.*.deploy.resources.reservations', 'swarm', 'cpus generic_resources'],
  ['services.*.deploy.update_config', 'swarm', 'delay max_failure_ratio'],
  ['secrets.*', 'swarm', 'driver driver_opts labels template_driver'],
  ['configs.*', 'swarm', 'labels template_driver'],
];

/** Keys of `x-stack` that the contract has and no version reads yet. */
export const laterOptions: readonly string[] = ['pool'];
