import { parseShell } from './parse-shell.ts';
import { nameOf, shellCall } from './shell-call.ts';
import type { AndOr, Command, Pipeline, Script, SimpleCommand, Word } from './shell-script.ts';

/** How a piece of a script can end: with success or not, going on or leaving the shell. */
export interface Ends {
  readonly good: boolean;
  readonly bad: boolean;
  readonly leavesGood: boolean;
  readonly leavesBad: boolean;
}

/** What `set -e` and `set -o pipefail` change. */
interface Mode {
  errexit: boolean;
  pipefail: boolean;
}

const never: Ends = { good: false, bad: false, leavesGood: false, leavesBad: false };
const good: Ends = { ...never, good: true };
const bad: Ends = { ...never, bad: true };
const either: Ends = { ...never, good: true, bad: true };

/** Whether a probe can succeed, and whether it can fail, whatever the service does. What is not understood can do both. */
export function probeEnds(script: Script | undefined): { readonly canPass: boolean; readonly canFail: boolean } {
  const ends = script ? statusOf(scriptEnds(script, { errexit: false, pipefail: false })) : either;
  return { canPass: ends.good, canFail: ends.bad };
}

/** As seen from outside the shell. */
const statusOf = (ends: Ends): Ends => ({ ...never, good: ends.good || ends.leavesGood, bad: ends.bad || ends.leavesBad });

const both = (left: Ends, right: Ends): Ends => ({
  good: left.good || right.good,
  bad: left.bad || right.bad,
  leavesGood: left.leavesGood || right.leavesGood,
  leavesBad: left.leavesBad || right.leavesBad,
});

const leavesOnly = ({ leavesGood, leavesBad }: Ends): Ends => ({ ...never, leavesGood, leavesBad });

function scriptEnds(script: Script, mode: Mode): Ends {
  let ends = good;
  for (const { list, background } of script) {
    if (!ends.good && !ends.bad) return ends;
    const own = background ? good : andOrEnds(list, mode, ends);
    const stopped = mode.errexit && own.bad ? { ...own, bad: false, leavesBad: true } : own;
    ends = both(leavesOnly(ends), stopped);
  }
  return ends;
}

function andOrEnds({ first, rest }: AndOr, mode: Mode, before: Ends): Ends {
  let ends = pipelineEnds(first, mode, before);
  for (const { operator, pipeline } of rest) {
    const goesOn = operator === '&&' ? ends.good : ends.bad;
    if (!goesOn) continue;
    const kept = operator === '&&' ? { ...ends, good: false } : { ...ends, bad: false };
    ends = both(kept, pipelineEnds(pipeline, mode, operator === '&&' ? good : bad));
  }
  return ends;
}

/** Programs that only pass on what they read, and succeed whatever it is. */
const filters = new Set(['cat', 'head', 'tail', 'tee', 'tr', 'wc', 'sort', 'cut', 'uniq']);

function pipelineEnds({ negated, commands }: Pipeline, mode: Mode, before: Ends): Ends {
  const all = commands.map((command) => commandEnds(command, mode, before));
  const last = commands.at(-1);
  const isFilter = commands.length > 1 && last?.kind === 'simple' && filters.has(nameOf(last.words[0] ?? ({ text: '' } as Word)));
  const own = commands.length === 1 ? (all[0] ?? good) : isFilter ? good : statusOf(all.at(-1) ?? good);
  const ends = mode.pipefail && all.some((each) => statusOf(each).bad) ? { ...own, bad: true } : own;
  return negated ? { ...ends, good: ends.bad, bad: ends.good } : ends;
}

function commandEnds(command: Command, mode: Mode, before: Ends): Ends {
  if (command.kind === 'simple') return simpleEnds(command, mode, before);
  return command.subshell ? statusOf(scriptEnds(command.script, { ...mode })) : scriptEnds(command.script, mode);
}

const harmlessTargets = /^(\/dev\/(null|stdout|stderr)|\d+|-)$/;
const isAssignment = ({ text, quoted }: Word): boolean => !quoted && /^\w+=/.test(text);

function simpleEnds({ words, redirects }: SimpleCommand, mode: Mode, before: Ends): Ends {
  const start = words.findIndex((word) => !isAssignment(word));
  const called = start < 0 ? [] : words.slice(start);
  // A redirection can fail on its own: bash opens /dev/tcp/HOST/PORT so
  if (redirects.some(({ text, mayFail }) => mayFail || !harmlessTargets.test(text))) return either;
  if (called.length === 0) return words.some(({ mayFail }) => mayFail) ? either : good;
  return calledEnds(called, mode, before);
}

/** Programs that succeed whatever the service does. */
const alwaysGood = new Set([':', 'true', 'echo', 'printf', 'sleep', 'date', 'hostname', 'whoami', 'uname', 'pwd', 'id']);

function calledEnds(words: readonly Word[], mode: Mode, before: Ends): Ends {
  const [first, second] = words;
  if (!first || first.mayFail) return either;
  const name = nameOf(first);
  if (alwaysGood.has(name)) return words.some(({ text }) => /\$\{\w+:?\?/.test(text)) ? either : good;
  if (name === 'false') return bad;
  if (name === 'exit') return exitEnds(second, before);
  if (name === 'set') return withOptions(words, mode);
  if (name === 'exec') return second ? leaving(statusOf(calledEnds(words.slice(1), { ...mode }, before))) : either;
  if (name === 'busybox' || name === 'command' || name === 'nohup') return calledEnds(words.slice(1), mode, before);
  if (isEmptyProgram(words)) return good;
  const shell = shellCall(words);
  if (!shell) return either;
  const script = parseShell(shell.script);
  return script ? statusOf(scriptEnds(script, { errexit: shell.errexit, pipefail: shell.pipefail })) : either;
}

/** `python -c "import sys; sys.exit(0)"` and its like. */
function isEmptyProgram([program, option, text]: readonly Word[]): boolean {
  if (!program || !text || !/^(python[\d.]*|node|perl|ruby|php)$/.test(nameOf(program)) || !/^-[cer]$/.test(option?.text ?? ''))
    return false;
  return /^\s*(import sys\s*;?\s*)?((sys\.|process\.)?(exit|quit)(\(0?\)| 0)?|pass|0|True|1)?\s*;?\s*$/.test(text.text);
}

const leaving = (ends: Ends): Ends => ({ ...never, leavesGood: ends.good, leavesBad: ends.bad });

function exitEnds(status: Word | undefined, before: Ends): Ends {
  if (!status) return leaving(before);
  if (!/^\d+$/.test(status.text)) return leaving(either);
  return leaving(Number(status.text) % 256 === 0 ? good : bad);
}

function withOptions(words: readonly Word[], mode: Mode): Ends {
  const text = words.map((word) => word.text).join(' ');
  mode.errexit ||= /(^| )-\w*e|errexit/.test(text);
  mode.pipefail ||= text.includes('pipefail');
  return good;
}
