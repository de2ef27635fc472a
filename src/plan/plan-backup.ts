import { get, values, type ByName } from '../lib/record.ts';
import type { BackupChange, Change, FieldDiff } from '../model/change.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { backupOf, writersOf } from './backup-changes.ts';
import { standstills } from './data-changes.ts';
import type { Sides } from './diff.ts';
import { fingerprint } from './fingerprint.ts';
import { noteOf } from './notes.ts';
import { peersOf } from './peers.ts';
import { isUp, pairedIds, pairsOf, selectedServices } from './services.ts';
import { weave } from './weave.ts';

/** Which volumes are to be copied, and who else has them. */
export interface BackupRequest {
  /** Engine names. */
  readonly volumes: readonly string[];
  /** Names of containers outside the stack that run and can write to a volume, by its name. */
  readonly strangers: ByName<readonly string[]>;
}

/**
 * Copies these volumes, and touches nothing of the stack but who can write to them: they stand still meanwhile, and go on as they were.
 * Just what does not work must be possible to copy, so nobody has to become ready who was not.
 */
export function planBackup(asked: Sides, request: BackupRequest): Plan {
  const sides: Sides = { ...asked, options: { ...asked.options, asFound: true } };
  const { desired, observed } = sides;
  const problems = problemsOf(sides, request);
  const works = request.volumes.flatMap((name) => (get(observed.volumes, name) ? [backupOf(name, 'a backup was asked for', sides)] : []));
  const changes: Change[] = [...works, ...stillChanges(works, sides)];
  return {
    stack: desired.stack,
    engine: observed.engine.id,
    changes: changes.map((change) => noteOf(change, sides)),
    steps: problems.length > 0 ? [] : weave(changes, sides),
    problems,
    madeFrom: fingerprint(observed),
    timeoutMs: desired.timeoutMs,
    rollbackTimeoutMs: desired.rollbackTimeoutMs,
  };
}

/** Each container that has to stand still, and those that lose a network or processes which they share when another one stops. */
function stillChanges(works: readonly BackupChange[], sides: Sides): Change[] {
  const stopped = new Set<string>();
  return selectedServices(sides.desired, sides.options).flatMap((service) =>
    pairsOf(service, sides.observed).flatMap(({ want, have }): Change[] => {
      if (!have) return [];
      const fields = [...standstills(have, works, sides), ...(isUp(have) ? lostPeers(service, stopped) : [])];
      if (fields.some(({ mend }) => mend === 'standstill')) stopped.add(service.name);
      const because = 'it uses what is copied';
      return fields.length > 0 ? [{ of: 'container', verb: 'update', want, have, fields, because }] : [];
    }),
  );
}

const lostPeers = ({ settings }: ServiceSpec, stopped: ReadonlySet<string>): FieldDiff[] =>
  peersOf(settings)
    .filter(({ mustRun, service }) => mustRun && stopped.has(service))
    .map(({ field, service }) => ({ path: field, want: `service ${service} stops meanwhile`, cause: 'data', mend: 'standstill' }));

/** Nobody may write meanwhile whom this plan cannot stop. */
function problemsOf(sides: Sides, { volumes, strangers }: BackupRequest): Problem[] {
  const { desired, observed } = sides;
  const known = pairedIds(values(desired.services), observed);
  return volumes.flatMap((name): Problem[] => {
    if (!get(observed.volumes, name)) return [notThere(name)];
    const goesOn = values(desired.volumes).some((volume) => volume.name === name && volume.backup?.quiesce === 'none');
    const undeclared = writersOf(name, sides).filter(({ id, state }) => !known.has(id) && state.status !== 'paused');
    const all = [...undeclared.map((seen) => seen.name), ...(get(strangers, name) ?? [])];
    return goesOn ? [] : all.map((container) => inUse(name, container));
  });
}

const notThere = (name: string): Problem => ({
  code: 'no-volume',
  severity: 'error',
  message: `volume ${name} is not there yet, so there is nothing to back up`,
});

const inUse = (name: string, container: string): Problem => ({
  code: 'volume-in-use',
  severity: 'error',
  message: `volume ${name} is also used by container ${container}, which this stack does not declare, and which could write to it meanwhile`,
  hint: `stop it, or say under x-stack.backup of the volume that everybody may go on (quiesce: none)`,
});
