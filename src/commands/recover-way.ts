import { asPassed, finishForward, goBack, recoverReason, stillToDiscard, type RecoverContext } from '../apply/recover.ts';
import { runsAsThen } from '../apply/runs-as-then.ts';
import { undoSteps, writtenVolumes } from '../apply/undo-steps.ts';
import { mayStillGoBack } from '../apply/interrupted.ts';
import { anySignal } from '../lib/any-signal.ts';
import { names } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { ApplyEvent, RunResult } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import { JournalError, type Journal } from '../platform/journal.ts';
import { wholeRunMs } from '../platform/run-deadline.ts';
import { recoverIntro, recoverResult } from '../render/recover-text.ts';
import { actor, actorText } from './actor.ts';
import { hasUndoFailed, record } from './carry-out.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { brokenText } from './finish.ts';
import { progressFor } from './progress.ts';
import type { Found } from './recover.ts';
import { refuse, styleOf } from './screen.ts';
import { refuseGoneOn, withConsent } from './with-consent.ts';

const lookMs = 60_000;
const leastDeadlineMs = 60_000;

/** How long an engine may take to do what a client asked for that is gone. */
const settleMs = 1_500;

/** Goes back; or, when all gates had passed, ends the cleaning up. Asks first. */
export async function walkTheWay(found: Found, invocation: Invocation): Promise<ExitCode> {
  const { interrupted, named } = found;
  const steps = await stepsOf(found, invocation);
  if (!steps.ok) return refuse([engineProblem(steps.error)], invocation);
  if (!invocation.flags.json) {
    const { begun, committed } = interrupted;
    const style = styleOf(invocation, invocation.io.stdout);
    invocation.io.stdout.write(recoverIntro(interrupted, { steps: steps.value, who: actorText(begun.by), committed, style }));
  }
  const question = interrupted.committed ? `Clean stack ${named.stack} up?` : `Take stack ${named.stack} back?`;
  return withConsent({ question, opened: found.opened, engine: named.engine }, invocation, (held) =>
    underLock(found, steps.value, held.invocation),
  );
}

type Steps = { readonly ok: true; readonly value: readonly Step[] } | { readonly ok: false; readonly error: unknown };

/** What would be done, as far as can be told now. */
async function stepsOf({ interrupted, opened }: Found, { cancel }: Invocation): Promise<Steps> {
  const { attempts, committed } = interrupted;
  const written = writtenVolumes(attempts.flatMap(({ ran }) => ran));
  const back = attempts.toReversed().flatMap(({ ran }) => undoSteps(ran, written, recoverReason));
  const way = committed ? stillToDiscard(interrupted) : back;
  try {
    const now = await lookAt(interrupted, opened.setup.platform.engine, anySignal([cancel, AbortSignal.timeout(lookMs)]));
    const again = runsAsThen(committed ? asPassed(interrupted) : attempts[0].before, now, jobsOf(opened.setup.stack.desired));
    // What the way itself starts again need not be said twice
    const services = new Set(committed ? [] : back.map(({ service }) => service));
    return { ok: true, value: [...again.filter(({ service }) => !services.has(service)), ...way] };
  } catch (error) {
    return { ok: false, error };
  }
}

async function underLock(found: Found, shown: readonly Step[], invocation: Invocation): Promise<ExitCode> {
  const { journal, records } = await found.store.reopen();
  if (records.length !== found.records) {
    await journal.leave();
    return refuseGoneOn(invocation);
  }
  const { committed } = found.interrupted;
  const how = committed ? 'finish' : 'back';
  await journal.append({ type: 'recovering', how, at: new Date().toISOString(), by: actor() }, true);
  const { result, events, broken } = await walked(found, { journal, shown }, invocation);
  const { io, flags } = invocation;
  if (!flags.json) io.stderr.write(recoverResult(result, events, styleOf(invocation, io.stderr)));
  if (broken) io.stderr.write(brokenText(broken));
  return result === 'rolled-back' || result === 'applied' ? 0 : 4;
}

interface Walk {
  readonly journal: Journal;
  readonly shown: readonly Step[];
}

interface Walked {
  readonly result: RunResult;
  readonly events: readonly ApplyEvent[];
  /** The journal could not be written any more: it stopped where it was. */
  readonly broken?: JournalError;
}

async function walked(found: Found, { journal, shown }: Walk, invocation: Invocation): Promise<Walked> {
  const { interrupted, opened } = found;
  const { settings } = opened.choice;
  const plan = { ...interrupted.attempts[0].plan, steps: interrupted.committed ? shown : [] };
  const progress = await progressFor(plan, settings.progress.value, invocation);
  const events: ApplyEvent[] = [];
  const isOver = (result: RunResult): boolean => !mayStillGoBack(result, hasUndoFailed(events));
  let bug: { readonly error: unknown } | undefined;
  const ways = contextOf(found, invocation);
  opened.setup.deadline.begin('run', wholeRunMs({ forwardMs: 0, backMs: ways.deadlineMs }));
  const context: RecoverContext = {
    ...ways,
    onBug: (error) => (bug ??= { error }),
    emit: async (event) => {
      events.push(event);
      if (event.type !== 'run-ended' || isOver(event.result)) await record(event, journal);
      progress.on(event);
    },
  };
  try {
    const result = await (interrupted.committed ? finishForward : goBack)(interrupted, context);
    await (isOver(result) ? journal.close() : journal.leave());
    await progress.shown();
    if (bug) throw bug.error;
    return { result, events };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    progress.on({ type: 'run-ended', result: 'abandoned' });
    await progress.shown();
    return { result: 'abandoned', events, broken: error };
  }
}

function contextOf({ interrupted, opened }: Found, { cancel, abandon }: Invocation): Omit<RecoverContext, 'onBug' | 'emit'> {
  const { setup, choice } = opened;
  const { engine, host } = setup.platform;
  const { desired } = setup.stack;
  return {
    engine,
    host,
    backups: setup.backups,
    limit: choice.settings.parallelism.value,
    cancel,
    abandon,
    deadlineMs: Math.max(interrupted.committed ? desired.timeoutMs : desired.rollbackTimeoutMs, leastDeadlineMs),
    settleMs,
    jobs: jobsOf(desired),
    look: (signal) => lookAt(interrupted, engine, signal),
  };
}

/** What stood there before, and the whole stack: whatever the files may say today. */
function lookAt({ begun, attempts }: Found['interrupted'], engine: RecoverContext['engine'], signal: AbortSignal): Promise<Observed> {
  const { networks, volumes } = attempts[0].before;
  return engine.look({ stack: begun.stack, images: [], networks: names(networks), volumes: names(volumes) }, signal);
}

const jobsOf = ({ services }: Desired): string[] =>
  Object.values(services).flatMap(({ dependsOn }) =>
    dependsOn.flatMap(({ service, condition }) => (condition === 'service_completed_successfully' ? [service] : [])),
  );
