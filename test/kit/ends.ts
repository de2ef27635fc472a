import { interruptedRun } from '../../src/apply/interrupted.ts';
import type { Observed, SeenContainer } from '../../src/model/observed.ts';
import type { MemoryEngine } from './memory-engine.ts';
import type { World } from './worlds.ts';
import type { Crashed } from './crashing-runs.ts';
import { withoutHooks, type Case } from './failing-runs.ts';
import { complaints } from './satisfies.ts';
import { standing } from './standing.ts';

/** What no rule allows, once all is over: neither the old world nor the new one, or something temporary left. Empty if all is well. */
export function wrongEnd({ world }: Case, { engine, disk, died, isElsewhere }: Crashed): string[] {
  const now = engine.now();
  const { committed, attempts } = interruptedRun(disk.records);
  if (!disk.isClosed) return ['it is not over'];
  // Who comes to mend reads no file: only a label says which hooks a container has. One that is killed right after it started again what
  // went down with the engine leaves that without its hooks (docs/decisions/0008-hooks.md)
  const labelled = Object.values(now.containers).filter(({ edited }) => edited !== undefined);
  const unhooked = withoutHooks(engine, world).filter((each) => labelled.some(({ name }) => each.startsWith(`${name} `)));
  const missed = died === 0 ? unhooked : [];
  if (committed) return [...missed, ...complaints(now, world.desired), ...temporary(now, world.observed), ...lostData(world.observed, now)];
  const written = new Set(attempts.flatMap(({ ran }) => ran.map(({ step }) => step.id)));
  const kept = Object.keys(now.volumes).filter((name) => !world.observed.volumes[name]);
  const unwritten = kept.filter((name) => !written.has(`volume.create ${name}`)).map((name) => `volume ${name} is left`);
  // Where the copies do not lie, nobody can put them back
  const lost = isElsewhere ? [] : lostContents(world, engine);
  return [...missed, ...lost, ...notAsBefore(world.observed, now, kept), ...unwritten];
}

/** How the machine differs from how it was; `kept`: new volumes that may stay. */
export function notAsBefore(before: Observed, now: Observed, kept: readonly string[] = []): string[] {
  const volumes = Object.fromEntries(Object.entries(now.volumes).filter(([name]) => !kept.includes(name)));
  const data = Object.fromEntries(Object.entries(now.data ?? {}).filter(([place]) => 'looked' in (before.data?.[place] ?? {})));
  const [is, was] = [JSON.stringify(standing({ ...now, volumes, data })), JSON.stringify(standing(before))];
  return is === was ? [] : [`it is ${is}\nand was ${was}`];
}

/** Volumes whose content is not as it was though a copy was to be taken of it before anything is done to who uses it. */
export function lostContents({ desired, observed }: World, { machine }: MemoryEngine): string[] {
  return Object.values(desired.volumes).flatMap(({ name, backup }) => {
    const isCopied = backup?.quiesce === 'stop' && backup.before.includes('apply') && observed.volumes[name]?.stack === desired.stack;
    const is = machine.contents.get(name)?.text;
    return isCopied && is !== `data of ${name}` ? [`volume ${name} holds "${is ?? 'nothing'}"`] : [];
  });
}

/** Names that only a run uses, while it is under way. */
export const temporary = (now: Observed, before: Observed): string[] => [
  ...Object.keys(now.containers)
    .filter((name) => /\.(next\d*|before-[0-9a-f]{12})$/.test(name) && !before.containers[name])
    .map((name) => `${name} is left`),
  ...Object.keys(now.volumes)
    .filter((name) => /\.(before|restored)\d*$/.test(name) && !before.volumes[name])
    .map((name) => `${name} is left`),
];

/** Whatever is new, data stays: each volume, and what a container had without a name goes on to the one that takes its place. */
export function lostData(before: Observed, now: Observed): string[] {
  const gone = Object.keys(before.volumes).filter((name) => !now.volumes[name]);
  const sole = (all: Observed, { service, number }: SeenContainer): SeenContainer | undefined => {
    const same = Object.values(all.containers).filter((each) => each.service === service && each.number === number);
    return same.length === 1 ? same[0] : undefined;
  };
  const emptied = Object.values(now.containers).flatMap((is) => {
    const was = sole(now, is) && sole(before, is);
    return Object.entries(is.anonymous).flatMap(([target, volume]) =>
      was?.anonymous[target] === undefined || was.anonymous[target] === volume ? [] : [`${is.name} has another volume at ${target}`],
    );
  });
  return [...gone.map((name) => `volume ${name} is gone`), ...emptied];
}
