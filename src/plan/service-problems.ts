import { get, names } from '../lib/record.ts';
import { givenByBuildKit, whoHasBuildKit } from '../model/builder.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import { imageOf } from '../model/image-of.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { droppedProblem, isDropped } from './dropped.ts';
import { flatten } from './flatten.ts';
import { healthCheckOf } from './gates.ts';
import { imageProblems } from './image-problems.ts';
import { peerProblems } from './peer-problems.ts';
import { place } from './place.ts';
import { isAwaitedToComplete, pairsOf } from './services.ts';

type Check = (service: ServiceSpec, sides: Sides) => Problem[];

/** What stands in the way of one service, and what people should know of it. A new rule is one function and one line here. */
export const serviceProblems: Check = (service, sides) => rules.flatMap((rule) => rule(service, sides));

/** Always, not just when it is to be built now: the next time would be a surprise. */
const givenWithoutBuildKit: Check = ({ name, build }, { desired, observed: { builder, engine } }) => {
  const given = build && givenByBuildKit(build);
  if (given === undefined || builder === 'buildkit') return [];
  const message = `the build of ${name} is given ${given}, but this engine (${engine.kind} ${engine.version}) offers no BuildKit, which alone has them`;
  const at = place(desired, `services.${name}.build.secrets`, `services.${name}.build.ssh`, `services.${name}.build`);
  return [{ code: 'no-buildkit', severity: 'error', message, ...at, hint: `this needs ${whoHasBuildKit}` }];
};

/** Docker refuses to put files into a container whose root is read-only. */
const filesIntoReadOnly: Check = ({ name, settings }, { desired }) => {
  if (settings.read_only !== true || (settings.files ?? []).length === 0) return [];
  const message = `${name} is read_only, so its configs and secrets without a file cannot be put into it`;
  const hint = 'give them a file: instead of content: or environment:';
  return [{ code: 'read-only-files', severity: 'error', message, ...place(desired, `services.${name}.read_only`), hint }];
};

const droppedByEngine: Check = ({ name, settings }, { desired, observed: { engine } }) =>
  Object.keys(flatten(settings))
    .filter((path) => isDropped(path, engine))
    .map((path) => droppedProblem(`${path} of ${name}`, engine, place(desired, `services.${name}.${path}`)));

/** What older engines do not know of a container's networks. */
const droppedOfNetworks: Check = ({ name, settings }, { desired, observed: { engine } }) => {
  const { networks = {}, mac_address = {}, network_priority } = settings;
  return names(networks).flatMap((network): Problem[] => {
    const { gw_priority, driver_opts = {} } = networks[network] ?? { aliases: [] };
    const isFirst = network === (network_priority ?? names(networks)[0]);
    const said = {
      gw_priority: Boolean(gw_priority),
      interface_name: Object.hasOwn(driver_opts, 'com.docker.network.endpoint.ifname'),
      mac_address: Object.hasOwn(mac_address, network) && !isFirst,
    };
    const key = names(desired.networks).find((each) => desired.networks[each]?.name === network) ?? network;
    return Object.entries(said)
      .filter(([option, isSaid]) => isSaid && engine.drops.includes(`networks.${option}`))
      .map(([option]) =>
        droppedProblem(`${option} of ${name} on network ${network}`, engine, place(desired, `services.${name}.networks.${key}.${option}`)),
      );
  });
};

/** What older engines do not know of mounts. */
const droppedOfMounts: Check = ({ name, settings }, { desired, observed: { engine } }) =>
  (settings.volumes ?? []).flatMap(({ type, target, subpath, recursive }): Problem[] => {
    const said = {
      image: type === 'image',
      subpath: subpath !== undefined,
      recursive: recursive === 'writable' || recursive === 'readonly',
    };
    return Object.entries(said)
      .filter(([option, isSaid]) => isSaid && engine.drops.includes(`volumes.${option}`))
      .map(([option]) =>
        droppedProblem(
          `${option} of the mount at ${target} of ${name}`,
          engine,
          place(desired, `services.${name}.volumes.${target}`, `services.${name}.volumes`),
        ),
      );
  });

const awaitedWithoutCheck: Check = (service, { desired, observed }) => {
  const { name, ready } = service;
  const isKnown = get(observed.images, imageOf(service)) !== undefined;
  if (!isAwaitedHealthy(name, desired) || !isKnown || healthCheckOf(service, observed)) return [];
  if (ready.length > 0 || isAwaitedToComplete(name, desired)) return [];
  const message = `others wait for ${name} to be healthy, but it has no health check; it counts as ready once it runs stably`;
  return [
    {
      code: 'no-health-check',
      severity: 'warning',
      message,
      ...place(desired, `services.${name}`),
      hint: 'declare a healthcheck, or x-stack.ready',
    },
  ];
};

const isAwaitedHealthy = (name: string, desired: Desired): boolean =>
  Object.values(desired.services).some(({ dependsOn }) =>
    dependsOn.some((need) => need.service === name && need.condition === 'service_healthy'),
  );

const takenNames: Check = ({ name, replicas }, { desired, observed }) =>
  replicas.flatMap((replica): Problem[] => {
    const other = get(observed.others, replica.name);
    if (!other) return [];
    const owner = other.stack ? `stack ${other.stack}` : 'no stack';
    const who = `${other.id.slice(0, 12)}, ${other.running ? 'running' : 'stopped'}`;
    const message = `the container name ${replica.name} is taken by a container of ${owner} (${who})`;
    const hint = 'remove or rename that container, or give this one another container_name';
    return [
      { code: 'name-taken', severity: 'error', message, ...place(desired, `services.${name}.container_name`, `services.${name}`), hint },
    ];
  });

const crashLoops: Check = (service, { desired, observed }) =>
  pairsOf(service, observed).flatMap(({ have }): Problem[] => {
    // For a moment after each restart it only runs
    if (!have || (have.state.status !== 'restarting' && have.portComplaint === undefined)) return [];
    const { name, state, portComplaint } = have;
    const says = portComplaint === undefined ? '' : `; its log says: ${portComplaint}`;
    // That of the last run, which an engine only shows between two
    const code = state.status === 'restarting' ? `, exit code ${state.exitCode}` : '';
    const message = `container ${name} is in a crash loop: ${state.restartCount} restarts${code}${says}`;
    const hint =
      portComplaint === undefined ? `see its log: docker logs ${name}` : 'free the port that it wants (stackctl ports says who holds it)';
    return [{ code: 'crash-loop', severity: 'warning', message, ...place(desired, `services.${service.name}`), hint }];
  });

const rules: readonly Check[] = [
  takenNames,
  peerProblems,
  imageProblems,
  givenWithoutBuildKit,
  filesIntoReadOnly,
  droppedByEngine,
  droppedOfNetworks,
  droppedOfMounts,
  awaitedWithoutCheck,
  crashLoops,
];
