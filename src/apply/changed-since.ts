import { anySignal } from '../lib/any-signal.ts';
import { canonical } from '../lib/canonical.ts';
import { messageOf } from '../lib/message-of.ts';
import { fromEntries, get, mapValues, names, omit } from '../lib/record.ts';
import { lasting } from '../model/lasting.ts';
import type { Observed, SeenContainer, SeenNetwork } from '../model/observed.ts';
import { isLooked } from '../model/seen-data.ts';
import type { ApplyContext } from './context.ts';

const lookMs = 30_000;

/**
 * Looks at the stack again and says what is not as it was: containers by id, name, settings and whether they run; networks by id;
 * volumes by name, and what is declared of files in them. `kept`: new volumes that stay because of what may be in them. `restored`: networks that were removed and made
 * again, held against what they were by all but their id. Empty means that it was looked at and nothing differs.
 */
export async function changedSince(
  first: Observed,
  { kept, restored }: { readonly kept: readonly string[]; readonly restored: readonly string[] },
  { look, abandon }: Pick<ApplyContext, 'look' | 'abandon'>,
): Promise<string[]> {
  try {
    const seen = await look(anySignal([abandon, AbortSignal.timeout(lookMs)]));
    const [before, now] = [first, seen].map((each) => withoutIds(restored, each)) as [Observed, Observed];
    return [
      ...containerChanges(before, now),
      ...goneOrNew('network', before.networks, now.networks),
      ...goneOrNew('volume', before.volumes, kept.reduce(omit, now.volumes)),
      ...kept.filter((name) => get(now.volumes, name)).map(keptLine),
      ...filesChanged(before, now),
    ];
  } catch (error) {
    return [`the engine could not be asked how it stands now: ${messageOf(error)}`];
  }
}

/** With what a network is in place of its id, so that one that was made again is the same if all of that is. */
function withoutIds(restored: readonly string[], seen: Observed): Observed {
  if (restored.length === 0) return seen;
  const isRestored = (name: string): boolean => restored.includes(name);
  return {
    ...seen,
    networks: mapValues(seen.networks, (network, name) => (isRestored(name) ? { ...network, id: canonical(optionsOf(network)) } : network)),
    containers: mapValues(seen.containers, ({ settings, ...container }) => {
      const networks = mapValues(settings.networks ?? {}, (each, name) => (isRestored(name) ? { aliases: each.aliases } : each));
      return { ...container, settings: { ...settings, ...(settings.networks && { networks }) } };
    }),
  };
}

/** All but its id and who made it when. */
function optionsOf({ id: _id, run: _run, labels, ...options }: SeenNetwork): unknown {
  const own = Object.entries(labels).filter(([label]) => !label.startsWith('io.stackctl.') && label !== 'com.docker.compose.version');
  return { ...options, labels: fromEntries(own) };
}

const keptLine = (name: string): string =>
  `volume ${name} is new and stays: a container used it and may have written data to it; without it: docker volume rm ${name}`;

/** Of places whose files are spoken of: owner and mode of the root, and files that were to be removed. Who runs may change the others. */
function filesChanged(before: Observed, now: Observed): string[] {
  return names(before.data ?? {}).flatMap((place) => {
    const [was, is] = [get(before.data ?? {}, place), get(now.data ?? {}, place)];
    if (!isLooked(was) || !isLooked(is)) return [];
    const gone = names(was.files).filter((name) => get(is.files, name) === undefined);
    const isOther = canonical(was.root) !== canonical(is.root);
    return [...(isOther ? [`${place} has another owner or mode`] : []), ...gone.map((name) => `file ${name} of ${place} is gone`)];
  });
}

function containerChanges(before: Observed, now: Observed): string[] {
  return names({ ...before.containers, ...now.containers }).flatMap((name) => {
    const [was, is] = [get(before.containers, name), get(now.containers, name)];
    if (!was) return [`container ${name} was not there before`];
    if (!is) return [`container ${name} is gone`];
    if (was.id !== is.id) return [`container ${name} is another one (${is.id.slice(0, 12)}, was ${was.id.slice(0, 12)})`];
    if (runsOf(was) !== runsOf(is)) return [`container ${name} is ${runsOf(is)}, was ${runsOf(was)}`];
    return canonical(lasting(was.settings)) === canonical(lasting(is.settings)) ? [] : [`container ${name} has other settings`];
  });
}

function goneOrNew(
  kind: string,
  before: Observed['networks'] | Observed['volumes'],
  now: Observed['networks'] | Observed['volumes'],
): string[] {
  const idOf = (all: typeof before, name: string): string | undefined => {
    const seen = get<{ readonly name: string; readonly id?: string }>(all, name);
    return seen && (seen.id ?? seen.name);
  };
  return names({ ...before, ...now }).flatMap((name) => {
    const [was, is] = [idOf(before, name), idOf(now, name)];
    if (was === is) return [];
    if (was === undefined) return [`${kind} ${name} was not there before`];
    return [is === undefined ? `${kind} ${name} is gone` : `${kind} ${name} is another one`];
  });
}

/** In a restart loop it counts as running; one that was never started cannot be told from one that was stopped again. */
export function runsOf({ state: { status } }: SeenContainer): string {
  if (status === 'restarting') return 'running';
  return status === 'created' || status === 'exited' || status === 'dead' ? 'stopped' : status;
}
