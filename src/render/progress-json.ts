import type { Undo } from '../model/action.ts';
import type { ApplyEvent, StepOutcome } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { jsonText } from './json-text.ts';
import { labelOf } from './label-of.ts';
import type { Json } from './plan-json.ts';
import type { Progress } from './progress.ts';

interface Output {
  /** Of stackctl. */
  readonly version: string;
  readonly write: (text: string) => void;
}

/** One JSON object a line, the first says the version: for programs. */
export function jsonProgress({ version, write }: Output): Progress {
  const line = (value: Json): void => {
    write(`${jsonText(value)}\n`);
  };
  line({ type: 'version', format_version: '1.0', stackctl: version });
  return {
    on: (event) => {
      line(eventJson(event));
    },
    shown: () => Promise.resolve(),
  };
}

/** An event by its labels and ids; what an action works with stays inside. */
function eventJson(event: ApplyEvent): Json {
  const type = event.type.replaceAll('-', '_');
  switch (event.type) {
    case 'run-started':
      return { type, run: event.run, steps: event.steps, timeout_ms: event.timeoutMs, rollback_timeout_ms: event.rollbackTimeoutMs };
    case 'step-started':
      return { type, ...stepJson(event.step), ...undoJson(event.undo) };
    case 'step-progressed':
      return { type, id: event.step.id, note: event.note };
    case 'step-ended':
      return { type, ...stepJson(event.step), ...outcomeJson(event.outcome), took_ms: event.tookMs };
    case 'committed':
      return { type };
    case 'rollback-started':
      return { type, because: event.because, steps: event.steps };
    case 'rollback-ended':
      return { type, verified: event.verified, left: [...event.left], lost: [...event.lost] };
    case 'run-ended':
      return { type, result: event.result.replaceAll('-', '_') };
  }
}

const stepJson = ({ id, action, service }: Step) => ({ id, label: labelOf(action), ...(service !== undefined && { service }) });

function undoJson(undo: Undo): { readonly [key: string]: Json } {
  if (undo === 'not-needed') return {};
  return 'lost' in undo ? { lost: undo.lost } : { undo: labelOf(undo) };
}

function whyJson(outcome: StepOutcome): { readonly why?: string } {
  const why = 'why' in outcome ? outcome.why : undefined;
  return why === undefined ? {} : { why };
}

function outcomeJson(outcome: StepOutcome): { readonly [key: string]: Json } {
  const evidence = 'evidence' in outcome ? outcome.evidence : undefined;
  return {
    outcome: outcome.status.replaceAll('-', '_'),
    ...whyJson(outcome),
    ...(outcome.status === 'done' && outcome.warning !== undefined && { warning: outcome.warning }),
    ...(outcome.status === 'timed-out' && { after_ms: outcome.afterMs }),
    ...(evidence && {
      evidence: {
        ...(evidence.container !== undefined && { container: evidence.container }),
        ...(evidence.exitCode !== undefined && { exit_code: evidence.exitCode }),
        ...(evidence.oomKilled !== undefined && { oom_killed: evidence.oomKilled }),
        ...(evidence.restartCount !== undefined && { restart_count: evidence.restartCount }),
        ...(evidence.engineError !== undefined && { engine_error: evidence.engineError }),
        ...(evidence.log && { log: [...evidence.log] }),
        ...(evidence.hook !== undefined && { hook: evidence.hook }),
        ...(evidence.probe !== undefined && { probe: evidence.probe }),
      },
    }),
  };
}
