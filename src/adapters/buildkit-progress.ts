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

const keptLines = 10;

interface Output {
  readonly decoder: StringDecoder;
  /** The last ones. */
  lines: readonly string[];
  /** A line whose end has not come yet. */
  rest: string;
}

/** Tells what BuildKit does line by line, each step and part once, and remembers the last lines of each step for when it fails. */
export function buildProgress(onProgress: OnProgress): BuildProgress {
  const told = new Set<string>();
  const outputs = new Map<string, Output>();
  let failed: TracedStep | undefined;

  const tellOnce = (key: string, note: string): void => {
    if (told.has(key)) return;
    told.add(key);
    onProgress(note);
  };
  const takeStep = (step: TracedStep): void => {
    // Steps that were given up because another one failed say so too, after it
    if (step.error !== '') failed ??= step;
    if (step.started) tellOnce(step.digest, step.cached ? `${step.name} (cached)` : step.name);
  };
  const takeOutput = (step: string, bytes: Uint8Array): void => {
    const output = outputs.get(step) ?? { decoder: new StringDecoder('utf8'), lines: [], rest: '' };
    outputs.set(step, output);
    const lines = (output.rest + output.decoder.write(Buffer.from(bytes))).split(/\r\n|\r|\n/);
    output.rest = lines.pop() ?? '';
    takeLines(output, lines);
  };
  const takeLines = (output: Output, lines: readonly string[]): void => {
    const said = lines.filter((line) => line.trim() !== '');
    output.lines = [...output.lines, ...said].slice(-keptLines);
    said.forEach(onProgress);
  };
  /** What a step printed last may have no end of line. */
  const takeRest = ({ digest }: TracedStep): void => {
    const output = outputs.get(digest);
    if (!output) return;
    takeLines(output, [output.rest]);
    output.rest = '';
  };

  return {
    take({ steps, parts, outputs: printed, warnings }) {
      steps.forEach(takeStep);
      for (const { step, name } of parts) tellOnce(`${step} ${name}`, name);
      for (const { step, bytes } of printed) takeOutput(step, bytes);
      steps.filter(({ ended }) => ended).forEach(takeRest);
      for (const warning of warnings) onProgress(`warning: ${warning}`);
    },
    failedStep() {
      return failed && { name: failed.name, why: reasonOf(failed.error), log: outputs.get(failed.digest)?.lines ?? [] };
    },
  };
}

/** BuildKit's words without what the step's name says already, or nobody can know. */
function reasonOf(error: string): string {
  const ended = /^process "[^]*" did not complete successfully: ([^]*)$/.exec(error)?.[1];
  const missing = /calculate checksum of ref \S+: (".*"): not found$/.exec(error)?.[1];
  return ended ?? (missing === undefined ? error : `${missing} is not there, or .dockerignore leaves it out`);
}
