import { nearest } from '../lib/nearest.ts';
import { get, names } from '../lib/record.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { linkOf, sharesOf, type Share } from '../model/shares.ts';
import type { Sides } from './diff.ts';
import { containerNamed } from './peers.ts';
import { place, type At } from './place.ts';
import { containersOf, isUp, selectedServices } from './services.ts';

/** What stands in the way of a service that shares something with other containers or is linked to them. */
export const peerProblems = (service: ServiceSpec, sides: Sides): Problem[] => [
  ...sharesOf(service.settings).flatMap((share) => shareProblems({ service, share }, sides)),
  ...emptyLinks(service, sides),
  ...externalLinks(service, sides),
];

interface Sharing {
  readonly service: ServiceSpec;
  readonly share: Share;
}

function shareProblems({ service, share }: Sharing, sides: Sides): Problem[] {
  const at = placeOf({ service, share }, sides);
  const problems = share.of === 'service' ? ofService({ service, share }, sides) : ofContainer({ service, share }, sides);
  return problems.map((problem) => ({ ...problem, ...at }));
}

function ofService({ service, share: { field, name } }: Sharing, { desired, observed, options }: Sides): Problem[] {
  const peer = get(desired.services, name);
  if (peer?.replicas.length === 0) {
    const message = `${service.name} shares with ${name}, of which no container is wanted`;
    return [{ code: 'peer-missing', severity: 'error', message, hint: `let ${name} have at least one container` }];
  }
  const willBe = selectedServices(desired, options).some((each) => each.name === name);
  if (!willBe && containersOf(name, observed).length === 0) {
    const message = `${service.name} shares with ${name}, which is not there and not part of this run`;
    return [{ code: 'peer-missing', severity: 'error', message, hint: `let ${name} come up with it` }];
  }
  const ipc = peer?.settings.ipc ?? observed.engine.defaults.ipc;
  if (field !== 'ipc' || !peer || !isKeptToItself(ipc)) return [];
  const message = `${service.name} cannot share the memory of ${name}, whose ipc is ${ipc}`;
  return [{ code: 'ipc-not-shareable', severity: 'error', message, hint: `write "ipc: shareable" in ${name}` }];
}

const isKeptToItself = (ipc: string): boolean => ipc === 'private' || ipc === 'none';

function ofContainer({ service, share: { field, name } }: Sharing, { desired, observed }: Sides): Problem[] {
  const owner = Object.values(desired.services).find(({ replicas }) => replicas.some((replica) => replica.name === name));
  if (owner) {
    const message = `${service.name} names the container ${name}, which this stack makes itself`;
    const hint = `write ${field === 'volumes_from' ? `"${owner.name}"` : `"service:${owner.name}"`}, so that both go together`;
    return [{ code: 'peer-of-stack', severity: 'error', message, hint }];
  }
  const found = containerNamed(name, observed);
  if (!found) return [{ code: 'peer-missing', severity: 'error', ...missing(name, observed) }];
  const runs = 'running' in found ? found.running : isUp(found);
  if (runs || field === 'volumes_from') return [];
  const message = `${service.name} shares with the container ${name}, which does not run`;
  return [{ code: 'peer-not-running', severity: 'error', message, hint: 'start it first' }];
}

function missing(name: string, { containers, others }: Observed): Pick<Problem, 'message' | 'hint'> {
  const near = nearest(name, [...names(others), ...names(containers)]);
  return {
    message: `there is no container ${name}`,
    hint: near === undefined ? 'start it first: it is not made by this stack' : `did you mean "${near}"?`,
  };
}

/** The engine would show no such link, so that every plan would ask for it again. */
const emptyLinks = ({ name: service, settings }: ServiceSpec, { desired }: Sides): Problem[] =>
  (settings.links ?? []).flatMap((link): Problem[] => {
    const { name } = linkOf(link);
    if (get(desired.services, name)?.replicas.length !== 0) return [];
    const message = `${service} is linked to ${name}, of which no container is wanted`;
    const hint = `let ${name} have at least one container, or take the link out`;
    return [{ code: 'peer-missing', severity: 'error', message, hint, ...place(desired, `services.${service}.links`) }];
  });

/** On a network of a stack such a link waits for its container to come; on the engine's own network it must be there. */
function externalLinks({ name: service, settings }: ServiceSpec, { desired, observed }: Sides): Problem[] {
  const own = new Set(Object.values(desired.services).flatMap(({ replicas }) => replicas.map(({ name }) => name)));
  return (settings.external_links ?? []).flatMap((link): Problem[] => {
    const { name } = linkOf(link);
    if (own.has(name) || containerNamed(name, observed)) return [];
    const severity = settings.networks ? 'warning' : 'error';
    return [{ code: 'peer-missing', severity, ...missing(name, observed), ...placeOfLink(service, name, desired) }];
  });
}

/** The one entry of the list that names it, or the key. */
function placeOf({ service, share: { field, of, name } }: Sharing, { desired }: Sides): At {
  const path = `services.${service.name}.${field}`;
  const called = of === 'container' ? `container:${name}` : name;
  const i = (service.settings.volumes_from ?? []).findIndex((text) => text === called || text.startsWith(`${called}:`));
  return place(desired, ...(field === 'volumes_from' && i >= 0 ? [`${path}.${i}`] : []), path);
}

function placeOfLink(service: string, name: string, desired: Sides['desired']): At {
  const path = `services.${service}.external_links`;
  return place(desired, `${path}.${name}`, path);
}
