import { isDeepStrictEqual } from 'node:util';
import type { Dependency, Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Observed, SeenContainer, SeenImage } from '../../src/model/observed.ts';
import type { Mount, Settings } from '../../src/model/settings.ts';

/**
 * The judge of every plan: what keeps this machine from being what was wanted; nothing if it is. Written apart from the planner, so
 * that both must be wrong to agree on a mistake.
 */
export function complaints(observed: Observed, desired: Desired): string[] {
  return [
    ...missingThings(observed, desired),
    ...Object.values(desired.services).flatMap((service) => serviceComplaints(service, observed, desired)),
    ...leftovers(observed, desired),
    ...wrongOwners(observed, desired),
  ];
}

const mountsVolume = ({ volumes = [] }: Settings, name: string): boolean => volumes.some(({ source }) => source === name);

/** Files whose owner is declared have it where a fix is declared, and nobody who is to be gone is there beside one that was started. */
const wrongOwners = (observed: Observed, desired: Desired): string[] =>
  (desired.dataRules ?? []).flatMap(({ place, onDrift, owner }) => {
    const name = place.kind === 'volume' ? place.name : place.path;
    const seen = observed.data?.[`${place.kind === 'volume' ? 'volume' : 'folder'} ${name}`];
    const isUsed = Object.values(desired.services).some(({ settings }) => mountsVolume(settings, name));
    const isOurs = observed.volumes[name]?.stack === desired.stack;
    const wanted = new Set(Object.values(desired.services).flatMap(({ replicas }) => replicas.map((each) => each.name)));
    // Nothing can be done under somebody who is left alone
    const isHeld = Object.values(observed.containers).some(
      (each) =>
        !wanted.has(each.name) && mountsVolume(each.settings, name) && ['running', 'restarting', 'paused'].includes(each.state.status),
    );
    const isWrong = isUsed && isOurs && !isHeld && owner && onDrift === 'fix' && seen && 'differ' in seen && seen.differ > 0;
    return isWrong ? [`the files in ${name} have other owners`] : [];
  });

/** Everything that is wanted is up and as wanted, whatever else may be there. */
export const allUp = (observed: Observed, desired: Desired): string[] =>
  Object.values(desired.services).flatMap((service) => serviceComplaints(service, observed, desired));

function missingThings(observed: Observed, desired: Desired): string[] {
  const services = Object.values(desired.services);
  const networks = services.flatMap(({ settings }) => Object.keys(settings.networks ?? {})).filter((name) => !observed.networks[name]);
  const volumes = Object.values(desired.volumes).filter(
    ({ name }) => services.some(({ settings }) => settings.volumes?.some(({ source }) => source === name)) && !observed.volumes[name],
  );
  return [...networks.map((name) => `network ${name} is missing`), ...volumes.map(({ name }) => `volume ${name} is missing`)];
}

function serviceComplaints(service: ServiceSpec, observed: Observed, desired: Desired): string[] {
  return service.replicas.flatMap(({ number, name }): string[] => {
    const have = Object.values(observed.containers).find((each) => each.name === name);
    if (!have) return [`there is no container ${name}`];
    if (have.service !== service.name || have.number !== number) return [`${name} is a container of ${have.service}`];
    return [...wrongSettings(service, have, observed), ...(stands(service, have, desired) ? [] : [`${name} is ${have.state.status}`])].map(
      (why) => `${name}: ${why}`,
    );
  });
}

function stands({ name, settings }: ServiceSpec, { state }: SeenContainer, desired: Desired): boolean {
  // One that crashes again and again is in the hands of the engine; the plan warns of it
  if (state.status === 'running' || state.status === 'restarting') return state.health !== 'unhealthy';
  const waitedFor = Object.values(desired.services).some(({ dependsOn }) =>
    dependsOn.some((need) => need.service === name && need.condition === 'service_completed_successfully'),
  );
  const shared = Object.values(desired.services).some(({ settings: { network_mode, pid, ipc } }) =>
    [network_mode, pid, ipc].includes(`service:${name}`),
  );
  const keptUp = shared || settings.restart === 'always' || settings.restart === 'unless-stopped';
  return state.status === 'exited' && state.exitCode === 0 && (waitedFor || !keptUp);
}

/** Of the containers of this stack's own files, only those of wanted replicas remain. */
function leftovers(observed: Observed, desired: Desired): string[] {
  const names = new Set(Object.values(desired.services).flatMap(({ replicas }) => replicas.map(({ name }) => name)));
  return Object.values(observed.containers)
    .filter(
      ({ name, service, files }) =>
        !names.has(name) && !desired.inactiveServices.includes(service) && files.every((file) => desired.files.includes(file)),
    )
    .map(({ name }) => `container ${name} is left over`);
}

function wrongSettings({ settings, onConfigChange }: ServiceSpec, have: SeenContainer, observed: Observed): string[] {
  const image = observed.images[settings.image];
  const wrong: string[] = [];
  if (!image) return [`its image ${settings.image} is not there`];
  if (have.imageId !== image.id) wrong.push('it was made from another image');
  const [want, is] = [wantedView(settings, image, observed), seenView(have.settings)];
  for (const key of Object.keys(want) as (keyof View)[])
    if (!isDeepStrictEqual(want[key], is[key])) wrong.push(`${key} is ${JSON.stringify(is[key])}, not ${JSON.stringify(want[key])}`);
  if (have.edited) {
    const hooks = ({ post_start = [], pre_stop = [] }: Settings): unknown => ({ post_start, pre_stop });
    if (!isDeepStrictEqual(hooks(settings), hooks(have.settings))) wrong.push('its hooks are others');
  }
  if (have.edited?.includes('files') && settings.files?.length) wrong.push('its inner files are those from before');
  const content =
    onConfigChange === 'ignore'
      ? []
      : [...(settings.volumes ?? []), ...(settings.files ?? [])].filter(
          (each) => each.content && have.edited?.includes(`content.${each.target}`),
        );
  return [...wrong, ...content.map(({ target }) => `it has not read ${target} again`)];
}

type View = ReturnType<typeof wantedView>;

function wantedView(settings: Settings, { defaults }: SeenImage, { networks }: Observed) {
  const declared = settings.volumes ?? [];
  const fromImage = defaults.volumes.filter((target) => declared.every((mount) => mount.target !== target));
  return {
    command: settings.command ?? (settings.entrypoint ? [] : defaults.command),
    environment: { ...defaults.environment, ...settings.environment },
    labels: { ...defaults.labels, ...settings.labels },
    user: settings.user ?? defaults.user,
    ports: portsOf(settings),
    networks: Object.fromEntries(
      Object.entries(settings.networks ?? {})
        .sort()
        .map(([name, { aliases }]) => [name, { aliases, id: networks[name]?.id }]),
    ),
    ...sharesOf(settings),
    restart: settings.restart ?? 'no',
    resources: settings.resources ?? {},
    healthcheck: checkOf(settings.healthcheck ?? defaults.healthcheck),
    volumes: [...declared.map(mountOf), ...fromImage.map((target) => `volume::${target}:false`)].sort(),
  };
}

function seenView(settings: Settings): View {
  return {
    command: settings.command ?? [],
    environment: settings.environment ?? {},
    labels: settings.labels ?? {},
    user: settings.user ?? '',
    ports: portsOf(settings),
    networks: Object.fromEntries(
      Object.entries(settings.networks ?? {})
        .sort()
        .map(([name, { aliases, id }]) => [name, { aliases, id }]),
    ),
    ...sharesOf(settings),
    restart: settings.restart ?? 'no',
    resources: settings.resources ?? {},
    healthcheck: checkOf(settings.healthcheck),
    volumes: (settings.volumes ?? []).map(mountOf).sort(),
  };
}

const sharesOf = ({ network_mode, pid, ipc, volumes_from = [] }: Settings) => ({ network_mode, pid, ipc, volumes_from });
const portsOf = ({ ports = [] }: Settings): string[] =>
  ports.map(({ host_ip, published, target, protocol }) => `${host_ip}:${published}:${target}/${protocol}`).sort();
const checkOf = (check: Settings['healthcheck']): unknown => (check?.test?.[0] === 'NONE' ? undefined : check?.test);
const mountOf = ({ type, source, target, read_only }: Mount): string => `${type}:${source}:${target}:${read_only}`;

/** Whether a container that stands now is what a dependant with that condition waits for. */
export function meets(condition: Dependency['condition'], { state, settings }: SeenContainer): boolean {
  if (condition === 'service_completed_successfully') return state.status === 'exited' && state.exitCode === 0;
  const up = state.status === 'running' || state.status === 'restarting' || (state.status === 'exited' && state.exitCode === 0);
  const checked = settings.healthcheck !== undefined && settings.healthcheck.test?.[0] !== 'NONE' && state.status === 'running';
  return up && (condition === 'service_started' || !checked || state.health === 'healthy');
}
