import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Observed, SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';

/** A world in a few lines, for people who look at a counterexample. */
export function worldText({ desired, observed }: { readonly desired: Desired; readonly observed: Observed }): string {
  const images = Object.entries(observed.images).map(
    ([name, { id, inRegistry }]) => `${short(name)}=${short(id)}${inRegistry ? ` (registry: ${inRegistry})` : ''}`,
  );
  return [
    '',
    ...Object.values(desired.services).map(serviceText),
    ...(desired.inactiveServices.length > 0 ? [`inactive ${desired.inactiveServices.join(', ')}`] : []),
    ...Object.values(observed.containers).map(containerText),
    ...(desired.dataRules ?? []).map((rule) => `declares ${JSON.stringify(rule)} and sees ${JSON.stringify(observed.data)}`),
    `images ${images.join(', ')}`,
    `networks ${Object.keys(observed.networks).join(', ')}; volumes ${Object.keys(observed.volumes).join(', ')}; others ${JSON.stringify(Object.values(observed.others).map(({ name, ports }) => [name, ports.map(({ published }) => published)]))}`,
    '',
  ].join('\n');
}

function serviceText({ name, settings, replicas, dependsOn, update, pullPolicy, build, onConfigChange, ready }: ServiceSpec): string {
  const needed = dependsOn.map(
    ({ service, condition, restart }) => `${service} ${condition.replace('service_', '')}${restart ? ' +restart' : ''}`,
  );
  const more = [
    build && 'built',
    pullPolicy,
    update.order,
    update.parallelism > 0 && 'one by one',
    onConfigChange,
    ...ready.map(({ kind }) => kind),
  ].filter(Boolean);
  return `wants ${name} as ${replicas.map((each) => each.name).join(', ')} [${more.join(', ')}] needs [${needed.join(', ')}] ${settingsText(settings)}`;
}

const containerText = ({ name, service, number, state, settings, imageId, edited, files }: SeenContainer): string =>
  `has ${name} (${service} ${number}, ${state.status}${state.exitCode ? ` ${state.exitCode}` : ''}${state.health ? ` ${state.health}` : ''}) edited ${edited ? `[${edited.join(', ')}]` : 'unknown'} of ${files.join(', ')} image ${short(imageId)} ${settingsText(settings)}`;

function settingsText({ ports, networks, volumes, command, environment, ...settings }: Settings): string {
  const said = Object.entries(settings).filter(
    ([, value]) => value !== '' && value !== 'no' && value !== 'nginx:1' && Object.keys(value).length !== 0,
  );
  return JSON.stringify({
    ...Object.fromEntries(said),
    ...(command && (command.length !== 1 || command[0] !== 'serve') && { command }),
    ...(environment && Object.keys(environment).join(' ') !== 'PATH' && { environment }),
    ...(ports && { ports: ports.map(({ published }) => published) }),
    ...(networks && {
      networks: Object.entries(networks).map(([name, { id, aliases }]) => `${name}=${short(id ?? '?')} ${aliases.join('/')}`),
    }),
    ...(volumes?.length && {
      volumes: volumes.map(({ type, source, target, read_only }) => `${type}:${source}:${target}${read_only ? ':ro' : ''}`),
    }),
  });
}

const short = (id: string): string => id.replace(/^(sha256:)?([0-9a-f]{5})[0-9a-f]{59}$/, '$2');
