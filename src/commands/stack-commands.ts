import type { Command } from './command.ts';
import type { FlagName } from './flags.ts';
import { positionals } from './positionals.ts';

const planFlags: readonly FlagName[] = ['target', 'noDeps', 'build', 'pull', 'forceRecreate', 'removeOrphans', 'allowDestroy', 'verbose'];
const applyFlags: readonly FlagName[] = [
  'yes',
  'autoApprove',
  'timeout',
  'rollbackTimeout',
  'lockTimeout',
  'parallelism',
  'noRollback',
  ...planFlags,
];
const applyExits = {
  3: 'failed; everything is as it was before (verified)',
  4: 'failed, or not cleaned up; what is left is listed',
  5: 'another apply holds the lock',
  6: 'the saved plan is stale',
  130: 'interrupted; everything is as it was before',
};
const applyInterrupt = {
  first: 'Interrupted: starting nothing more and walking back what was done. Press Ctrl-C again to stop at once.',
  second: 'Stopping at once. What is left is listed below and stays in the journal.',
};

/** Commands that look at what runs, or change it. */
export const stackCommands: readonly Command[] = [
  {
    name: 'plan',
    aliases: [],
    summary: 'Show what apply would do, and why; touch nothing',
    positionals: positionals.services,
    flags: ['out', 'detailedExitcode', ...planFlags],
    examples: [
      { line: 'stackctl plan', does: 'compare the stack found here with the engine' },
      { line: 'stackctl plan --out next.plan && stackctl apply next.plan', does: 'apply exactly what was looked at' },
      { line: 'stackctl plan --detailed-exitcode web', does: 'ask in a script whether web is up to date' },
    ],
    exitCodes: { 2: 'there is something to do (with --detailed-exitcode)' },
    run: async (invocation) => (await import('./plan.ts')).runPlan(invocation),
  },
  {
    name: 'apply',
    aliases: [],
    summary: 'Make it so: plan, ask, do; go back if anything fails',
    positionals: { name: 'PLANFILE', summary: 'A plan that stackctl plan --out saved', most: 1, completes: 'file' },
    flags: applyFlags,
    examples: [
      { line: 'stackctl apply', does: 'show the plan, ask, carry it out' },
      { line: 'stackctl apply --yes --timeout 5m', does: 'without a question, in a script' },
      { line: 'stackctl apply next.plan', does: 'a saved plan, exactly as it stands' },
      { line: 'stackctl apply --target web', does: 'only web and what it needs' },
    ],
    exitCodes: applyExits,
    interrupt: applyInterrupt,
    run: async (invocation) => (await import('./apply.ts')).runApply(invocation),
  },
  {
    name: 'up',
    aliases: [],
    summary: 'The same as apply, with the flags of Docker Compose',
    positionals: positionals.services,
    flags: ['attach', 'detach', 'wait', 'waitTimeout', 'scale', ...applyFlags, 'dryRun'],
    examples: [
      { line: 'stackctl up -d --build web', does: 'build and bring up web and what it needs' },
      { line: 'stackctl up --scale worker=3 --yes', does: 'three workers, without a question' },
      { line: 'stackctl up --yes --attach web', does: 'bring web up, then follow what it writes' },
    ],
    exitCodes: applyExits,
    interrupt: applyInterrupt,
    run: async (invocation) => (await import('./apply.ts')).runApply(invocation),
  },
  {
    name: 'status',
    aliases: ['ps'],
    summary: 'Show what is there against what is wanted',
    positionals: { ...positionals.services, summary: 'Only these services' },
    flags: [],
    examples: [
      { line: 'stackctl status', does: 'one line a service' },
      { line: 'stackctl status --json web', does: 'as data' },
    ],
    exitCodes: {},
    run: async (invocation) => (await import('./status.ts')).runStatus(invocation),
  },
  {
    name: 'drift',
    aliases: [],
    summary: 'Show what somebody changed on the machine since it was applied',
    positionals: { ...positionals.services, summary: 'Only these services' },
    flags: [],
    examples: [
      { line: 'stackctl drift', does: 'containers stopped, removed or changed, networks left or gone …' },
      { line: 'stackctl drift --json web || notify', does: 'as data, for a timer: 2 when there is something' },
    ],
    exitCodes: { 2: 'something was found' },
    run: async (invocation) => (await import('./drift.ts')).runDrift(invocation),
  },
  {
    name: 'watch',
    aliases: [],
    summary: 'Keep looking: tell of drift as it comes and goes, or mend it',
    positionals: positionals.none,
    flags: ['policy', 'interval', 'healPause', 'mostHeals', 'yes', 'autoApprove', 'parallelism'],
    examples: [
      { line: 'stackctl watch', does: 'one line for each thing that drifts, until Ctrl-C' },
      { line: 'stackctl watch --policy heal --yes', does: 'mend it; never what the file alone changed, or what somebody stopped' },
      { line: 'stackctl watch --interval 1h --json', does: 'one JSON object a line; look without a cause once an hour only' },
    ],
    exitCodes: { 4: 'gave up: heals did not hold; or something was left', 130: 'interrupted in a heal, which was walked back' },
    interrupt: { first: 'Ending the watch.', second: 'Stopping at once.' },
    run: async (invocation) => (await import('./watch.ts')).runWatch(invocation),
  },
  {
    name: 'down',
    aliases: [],
    summary: 'Take containers and networks away; volumes stay',
    positionals: positionals.none,
    flags: ['yes', 'autoApprove', 'removeOrphans', 'stopTimeout', 'lockTimeout', 'parallelism', 'volumes', 'rmi'],
    examples: [
      { line: 'stackctl down', does: 'show what would go, ask, do it' },
      { line: 'stackctl down --yes -t 30s', does: 'give each container 30 s to stop' },
    ],
    exitCodes: { 4: 'something could not be removed; what is left is listed', 5: 'another apply holds the lock' },
    interrupt: {
      first: 'Interrupted: starting nothing more. What is already gone stays gone. Press Ctrl-C again to stop at once.',
      second: 'Stopping at once.',
    },
    run: async (invocation) => (await import('./down.ts')).runDown(invocation),
  },
  {
    name: 'recover',
    aliases: [],
    summary: 'After a crash: go back to how it was before the interrupted run, or on',
    positionals: positionals.none,
    flags: ['resume', 'forget', 'yes', 'autoApprove', 'timeout', 'rollbackTimeout', 'lockTimeout', 'parallelism'],
    examples: [
      { line: 'stackctl recover', does: 'show what was interrupted and the way back, ask, go back' },
      { line: 'stackctl recover --resume', does: 'plan again from what is there, and go on' },
      { line: 'stackctl recover --forget', does: 'leave everything as it stands: the journal is damaged, or all was put right by hand' },
    ],
    exitCodes: {
      3: 'going on failed; everything is as it was before that (verified)',
      4: 'not everything is as it was, or as it is wanted; what is left is listed',
      5: 'another command changes the stack just now',
      6: 'somebody else has gone on meanwhile',
    },
    interrupt: {
      first: 'Interrupted: starting nothing more. Run stackctl recover again to go on. Press Ctrl-C again to stop at once.',
      second: 'Stopping at once. Run stackctl recover again to go on.',
    },
    run: async (invocation) => (await import('./recover.ts')).runRecover(invocation),
  },
  {
    name: 'unlock',
    aliases: [],
    summary: 'After a catastrophe: take the lock on the engine from a holder that is gone',
    positionals: positionals.none,
    flags: ['yes', 'autoApprove'],
    examples: [{ line: 'stackctl unlock', does: 'show who holds the lock, ask, take it away' }],
    exitCodes: { 5: 'its holder still runs' },
    run: async (invocation) => (await import('./unlock.ts')).runUnlock(invocation),
  },
  {
    name: 'history',
    aliases: [],
    summary: 'Show what was done to the stack: when, by whom, how it ended',
    positionals: { name: 'NUMBER', summary: 'show N: one run in full, with its steps', most: 2, completes: ['show'] },
    flags: [],
    examples: [
      { line: 'stackctl history', does: 'one line a run, the newest first' },
      { line: 'stackctl history show 7', does: 'what run 7 did, how long each step took, with which images' },
      { line: 'stackctl history show 7 --json', does: 'as data' },
    ],
    exitCodes: {},
    run: async (invocation) => (await import('./history.ts')).runHistory(invocation),
  },
];
