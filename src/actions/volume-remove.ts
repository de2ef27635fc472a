import { fromEntries, get, omit } from '../lib/record.ts';
import type { Undo } from '../model/action.ts';
import type { SeenVolume } from '../model/observed.ts';
import { shownText } from '../model/text.ts';
import { isToolLabel } from '../model/tool-label.ts';
import { callMs, touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { volumeCreate } from './volume-create.ts';

interface Args {
  readonly name: string;
  readonly stack: string;
  /** What was in it is in another volume by now: then it can be made again as it was. */
  readonly emptied?: true;
}

/** Removes a volume of the stack with all that is in it: only where a person named it. The engine refuses while a container mounts it. */
export const volumeRemove: ActionKind<Args> = defineAction<Args>('volume.remove', {
  symbol: '-',
  target: ({ name }) => name,
  label: ({ name, emptied }) => `remove volume ${name}${emptied ? ', emptied before' : ' with all that is in it'}`,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('volume', name)],
  guard({ name, stack }, now) {
    const seen = get(now.volumes, name);
    if (!seen) return `volume ${name} is not there`;
    return seen.stack === stack ? undefined : `volume ${name} does not belong to stack ${stack}`;
  },
  simulate: ({ name }, now) => ({ ...now, volumes: omit(now.volumes, name) }),
  undo({ name, stack, emptied }, before): Undo {
    const seen = get(before.volumes, name);
    return emptied && seen ? volumeCreate({ stack, volume: asSeen(seen), anew: true }) : { lost: `volume ${name} with all that was in it` };
  },
  run: ({ name }, { engine, signal }) => engine.removeVolume(name, signal),
});

/** As Docker Compose names them. */
const keyLabel = 'com.docker.compose.volume';

function asSeen({ name, driver, driverOptions, labels }: SeenVolume) {
  const key = get(labels, keyLabel);
  const own = Object.entries(labels).filter(([label]) => !isToolLabel(label));
  return { name, key: key === undefined ? '' : shownText(key), external: false, driver, driverOptions, labels: fromEntries(own) };
}
