import { definitionOf } from '../actions/index.ts';
import { imagePull } from '../actions/image-pull.ts';
import { volumeCreate } from '../actions/volume-create.ts';
import { volumeFill } from '../actions/volume-fill.ts';
import { get } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { sourceText, type RestoreSource } from '../model/restore-source.ts';
import type { Sides } from './diff.ts';
import { fingerprint } from './fingerprint.ts';
import { hostUsers } from './host-users.ts';

interface RestoreTo {
  /** The engine's name of a volume that is not there yet. */
  readonly to: string;
  readonly from: RestoreSource;
}

/** A new volume, filled and verified; nothing else is touched, and when it fails it is removed again. */
export function planRestoreTo({ to, from }: RestoreTo, { desired, observed }: Pick<Sides, 'desired' | 'observed'>): Plan {
  const { stack, helperImage: image, timeoutMs, rollbackTimeoutMs } = desired;
  const because = 'it is restored';
  const volume: VolumeSpec = { name: to, key: to, external: false, driverOptions: {}, labels: {} };
  const pull = get(observed.images, image) ? [] : [imagePull({ image, timeoutMs })];
  const problems = problemsOf(to, { desired, observed });
  const users = from.kind === 'backup' ? hostUsers(from.backup.volume, desired) : {};
  return {
    stack,
    engine: observed.engine.id,
    changes: [
      {
        of: 'volume',
        name: to,
        verb: 'create',
        because,
        cause: 'file',
        fields: [{ path: 'content', want: sourceText(from), cause: 'data', mend: 'create' }],
      },
    ],
    steps:
      problems.length > 0
        ? []
        : inTurn([...pull, volumeCreate({ stack, volume }), volumeFill({ volume: to, from, image, ...users })], because),
    problems,
    madeFrom: fingerprint(observed),
    timeoutMs,
    rollbackTimeoutMs,
  };
}

function problemsOf(to: string, { observed }: Pick<Sides, 'desired' | 'observed'>): Problem[] {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(to)) {
    const hint = 'at least two letters, digits, "_", "." or "-", beginning with a letter or digit';
    return [{ code: 'bad-name', severity: 'error', message: `"${to}" cannot be the name of a volume`, hint }];
  }
  if (!get(observed.volumes, to)) return [];
  const message = `a volume ${to} is there already`;
  return [{ code: 'volume-taken', severity: 'error', message, hint: 'name one that is not there: --to NAME' }];
}

function inTurn(actions: readonly Action[], because: string): Step[] {
  const idOf = (action: Action): string => `${action.kind} ${definitionOf(action).target(action.args)}`;
  return actions.map((action, i) => ({
    id: idOf(action),
    stage: 'prepare',
    action,
    after: i === 0 ? [] : [idOf(actions[i - 1]!)],
    because,
    onFailure: 'rollback',
  }));
}
