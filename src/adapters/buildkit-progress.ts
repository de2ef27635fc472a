import { StringDecoder } from 'node:string_decoder';
import type { OnProgress } from '../platform/engine.ts';
import type { Trace, TracedStep } from './buildkit-trace.ts';

/** The step on which a build failed. */
export interface FailedStep {
  readonly name: string;
  readonly why: string;
  /** The last lines that it printed, oldest first. */
  readonly log: readonly string[];
}

export interface BuildProgress {
  take(trace: Trace): void;
  failedStep(): FailedStep | undefined;
}

/** Tells what BuildKit does line by line, each step and part once, and remembers the last lines of each step for when it fails. */
export function buildProgress(onProgress: OnProgress): BuildProgress {
  const told = new Set<string>();
  const outputs = new Map<string, StepOutput>();
  let failed: TracedStep | undefined;

  const tellOnce = (key: string, note: string): void => {
    if (told.has(key)) return;
    told.add(key);
    onProgress(note);
  };
  const outputOf = (step: string): StepOutput => {
    const output = outputs.get(step) ?? stepOutput(onProgress);
    outputs.set(step, output);
    return output;
  };

  return {
    take({ steps, parts, outputs: printed, warnings }) {
      // Steps that were given up because another one failed say so too, after it
      failed ??= steps.find(({ error }) => error !== '');
      for (const { digest, name, cached } of steps.filter(({ started }) => started)) tellOnce(digest, cached ? `${name} (cached)` : name);
      for (const { step, name } of parts) tellOnce(`${step} ${name}`, name);
      for (const { step, bytes } of printed) outputOf(step).take(bytes);
      for (const { digest } of steps.filter(({ ended }) => ended)) outputs.get(digest)?.end();
      for (const warning of warnings) onProgress(`warning: ${warning}`);
    },
    failedStep() {
      return failed && { name: failed.name, why: reasonOf(failed.error), log: outputs.get(failed.digest)?.last() ?? [] };
    },
  };
}

const keptLines = 10;

interface StepOutput {
  take(bytes: Uint8Array): void;
  /** What it printed last may have no end of line. */
  end(): void;
  /** The last lines, oldest first. */
  last(): readonly string[];
}

function stepOutput(tell: OnProgress): StepOutput {
  const decoder = new StringDecoder('utf8');
  let kept: readonly string[] = [];
  let rest = '';
  const takeLines = (lines: readonly string[]): void => {
    const said = lines.filter((line) => line.trim() !== '');
    kept = [...kept, ...said].slice(-keptLines);
    said.forEach(tell);
  };
  return {
    take(bytes) {
      const lines = (rest + decoder.write(Buffer.from(bytes))).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? '';
      takeLines(lines);
    },
    end() {
      takeLines([rest]);
      rest = '';
    },
    last: () => kept,
  };
}

/** BuildKit's words without what the step's name says already, or nobody can know. */
function reasonOf(error: string): string {
  const ended = /^process "[^]*" did not complete successfully: ([^]*)$/.exec(error)?.[1];
  const missing = /calculate checksum of ref \S+: (".*"): not found$/.exec(error)?.[1];
  return ended ?? (missing === undefined ? error : `${missing} is not there, or .dockerignore leaves it out`);
}
