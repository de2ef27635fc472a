import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { isUp } from '../plan/services.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { watchStack, type Sight, type Watched, type WatchSettings } from '../watch/watch-stack.ts';
import type { ExitCode, Invocation } from './command.ts';
import { heal } from './heal.ts';
import { lookForDrift } from './look-for-drift.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { isError, refuse } from './screen.ts';
import { beingChanged, beingChangedElsewhere } from './take-lock.ts';
import { stackctlVersion } from './version.ts';

const needsYes: Problem = {
  code: 'nobody-to-ask',
  severity: 'error',
  message: '--policy heal changes the stack whenever something has drifted, and nobody can be asked then',
  hint: 'say yes beforehand: stackctl watch --policy heal --yes',
};

/** Looks at the stack over and over; tells of drift as it comes and goes, and mends it when it is told to. Reads only otherwise. */
export async function runWatch(invocation: Invocation): Promise<ExitCode> {
  const { flags, cancel } = invocation;
  if (flags.policy === 'heal' && !flags.yes && !flags.autoApprove) return refuse([needsYes], invocation);
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const world = watched(opened.value, { ...invocation, tell: await teller(invocation) });
  const end = await watchStack(world, settingsOf(invocation), cancel);
  const codes = { ended: 0, interrupted: 130, 'gave-up': 4 } as const;
  return codes[end];
}

function settingsOf({ flags }: Invocation): WatchSettings {
  return {
    policy: flags.policy ?? 'report',
    intervalMs: flags.interval ?? 5 * 60_000,
    burst: { quietMs: 500, mostMs: 5_000 },
    retryMs: 1_000,
    heal: { firstMs: flags.healPause ?? 5_000, longestMs: 10 * 60_000, most: flags.mostHeals ?? 5 },
  };
}

/** Plain lines or NDJSON on stdout. */
async function teller({ flags, io }: Invocation): Promise<Watched['tell']> {
  const { watchJsonLine, watchLine } = await import('../render/watch-lines.ts');
  if (flags.json) io.stdout.write(`${JSON.stringify({ type: 'version', format_version: '1.0', stackctl: stackctlVersion() })}\n`);
  const line = flags.json ? watchJsonLine : watchLine;
  return (event: WatchEvent) => io.stdout.write(line(event, new Date().toISOString()));
}

type Telling = Invocation & Pick<Watched, 'tell'>;

/** The stack as its files say at each look: somebody may apply another version meanwhile. */
function watched(first: OpenStack, { tell, ...invocation }: Telling): Watched {
  let opened = first;
  let engine = '';
  const { environment: _environment, cwd: _cwd, ...source } = first.request;
  const look = async (): Promise<Result<Sight, string>> => {
    const again = await openStack(invocation, source);
    if (!again.ok) return fail(messages(again.error));
    const looked = await lookForDrift(again.value, invocation);
    if (!looked.ok) return fail(messages(looked.error));
    opened = again.value;
    const { plan, observed, found } = looked.value;
    engine = plan.engine;
    const unfinished = plan.problems.filter((problem) => problem.code === 'unfinished-run' && isError(problem));
    if (unfinished.length > 0) return fail(messages(unfinished));
    const up = Object.values(observed.containers).filter(isUp);
    return ok({ desired: opened.setup.stack.desired, found, up: up.map(({ id }) => id) });
  };
  return {
    look,
    events: (sinceMs, signal) => events(opened, sinceMs, signal),
    isHeld: async () => {
      const { stack } = opened.setup.stack.desired;
      const named = { engine, stack };
      return ((await beingChanged(named)) ?? (await beingChangedElsewhere(named, opened.setup.lock))) !== undefined;
    },
    async heal(drifts, onBegin) {
      invocation.screen.onInterrupt = 'Interrupted: walking back what was done. Press Ctrl-C again to stop at once.';
      const healed = await heal({ opened, engine, drifts, onBegin }, invocation);
      delete invocation.screen.onInterrupt;
      return healed;
    },
    tell,
    nowMs: () => performance.now(),
  };
}

const messages = (problems: readonly Problem[]): string =>
  problems
    .filter(isError)
    .map(({ message }) => message)
    .join('; ');

function events({ setup }: OpenStack, sinceMs: number | undefined, signal: AbortSignal): ReturnType<Watched['events']> {
  const { stack, networks, volumes } = setup.stack.desired;
  const query = {
    stack,
    networks: Object.values(networks).map(({ name }) => name),
    volumes: Object.values(volumes).map(({ name }) => name),
    ...(sinceMs !== undefined && { sinceMs }),
  };
  return setup.platform.engine.stackEvents(query, signal);
}
