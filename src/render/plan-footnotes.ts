import { definitionOf } from '../actions/index.ts';
import type { Action } from '../model/action.ts';
import type { Plan } from '../model/plan.ts';
import { countText, listText } from './count-text.ts';
import { shortDuration } from './quantity-text.ts';
import { sanitize } from './sanitize.ts';
import { problemCount } from './problems-text.ts';

const most = 6;

/** What a person should know before saying yes: what goes for good, what no walk back brings back, how long it may take. */
export function planFootnotes(plan: Plan): string[] {
  if (plan.steps.length === 0) return [];
  return [...removedForGood(plan), ...networksMadeAnew(plan), ...dataAtStake(plan), timeouts(plan)];
}

/** The last sentence of a plan. */
export function planEnding({ problems, steps, changes }: Plan): string | undefined {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return `This plan cannot be applied: ${problemCount(errors)}.`;
  return steps.length === 0 && changes.length === 0 ? 'No changes. The stack is as its files say.' : undefined;
}

function removedForGood({ changes, steps }: Plan): string[] {
  const removed = changes.flatMap(({ verb, of, name }) => {
    if (verb === 'remove') return [`${of} ${sanitize(name)}`];
    return of === 'container' && verb.startsWith('replace') ? [`the old ${of} ${sanitize(name)}`] : [];
  });
  if (removed.length === 0) return [];
  const when = steps.every(({ stage }) => stage === 'discard') ? '' : ' once everything is ready';
  return [`Removed for good${when}: ${listText(removed, most)}.`];
}

/** The one thing that a rollback brings back only in part. */
function networksMadeAnew({ changes }: Plan): string[] {
  const anew = changes.flatMap(({ of, verb, name }) => (of === 'network' && verb === 'replace' ? [sanitize(name)] : []));
  if (anew.length === 0) return [];
  const [network, it] = anew.length === 1 ? ['network', 'its'] : ['networks', 'their'];
  return [
    `A rollback makes ${network} ${listText(anew, most)} again as before, but not ${it} id, nor the addresses on ${anew.length === 1 ? 'it' : 'them'}.`,
  ];
}

function dataAtStake({ changes, steps }: Plan): string[] {
  const replaced = new Set(changes.filter(({ verb }) => verb.startsWith('replace')).map(({ service }) => service));
  const putBack = new Set(steps.flatMap(({ action }) => rewoundVolume(action)));
  const writers = steps.filter(({ service, action }) => replaced.has(service) && writesToVolume(action, putBack));
  const services = [...new Set(writers.flatMap(({ service }) => service ?? []))].map((name) => sanitize(name));
  if (services.length === 0) return [];
  const [verb, whose] = services.length === 1 ? ['writes', 'its'] : ['write', 'their'];
  return [`Data that ${listText(services, most)} ${verb} into ${whose} volumes is not taken back by a rollback.`];
}

/** The volume whose content comes back with a rollback. */
const rewoundVolume = (action: Action): string[] => [definitionOf(action).rewinds?.(action.args) ?? []].flat();

/** Whether an action makes something with a volume that it may write to, other than these. */
function writesToVolume({ args }: Action, but: ReadonlySet<string>): boolean {
  if (!isRecord(args) || !isRecord(args['settings'])) return false;
  const { volumes } = args['settings'];
  return (
    Array.isArray(volumes) &&
    volumes.some(
      (mount: unknown) => isRecord(mount) && mount['type'] === 'volume' && mount['read_only'] !== true && !but.has(String(mount['source'])),
    )
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function timeouts({ timeoutMs, rollbackTimeoutMs, steps }: Plan): string {
  const forward = shortDuration(timeoutMs);
  const time =
    rollbackTimeoutMs > 0
      ? `Timeouts: ${forward} forward, ${shortDuration(rollbackTimeoutMs)} back.`
      : `Timeout: ${forward}. Not rolled back.`;
  return `${countText(steps.length, 'step')}. ${time}`;
}
