const adapters = (...names) => names.map((name) => `src/adapters/${name}.ts`);
const apply = (...names) => names.map((name) => `src/apply/${name}.ts`);
const commands = (...names) => names.map((name) => `src/commands/${name}.ts`);

/**
 * What is mutated, by which tests it is held, and how much of it they must notice (per cent); `without`: tests that take too long for
 * each mutant; `depth`: how long the laws are tried; `isPure`: one thread may try many mutants (kept-worker.mjs). Only tests that need no
 * engine: what the command files of recovery and rollback do beyond these is held by test/e2e/bad-days and test/e2e/main-job.
 */
export const zones = {
  journal: {
    target: 90,
    files: [
      ...adapters('file-journal', 'journal-writer', 'atomic-file', 'file-used-plans', 'own-file'),
      'src/platform/journal-text.ts',
      ...apply('journal-records'),
      ...commands('stack-journal', 'begin-run'),
    ],
    tests: [
      'test/adapters/file-journal.test.ts',
      'test/adapters/journal-disk.test.ts',
      'test/adapters/atomic-file.test.ts',
      'test/adapters/file-used-plans.test.ts',
      'test/adapters/own-file.test.ts',
      'test/platform/journal-text.test.ts',
      'test/apply/journal-records.test.ts',
      'test/commands/begin-run.test.ts',
      'test/commands/stack-journal.test.ts',
      'test/reliability/simulated/power-loss-files.test.ts',
    ],
  },
  redaction: {
    target: 90,
    files: [
      'src/lib/hash.ts',
      'src/model/applied.ts',
      'src/model/text.ts',
      'src/model/vault.ts',
      'src/render/sanitize.ts',
      'src/render/visible.ts',
      'src/spec/hidden-lines.ts',
      ...commands('unknown-seals', 'wanted'),
    ],
    tests: [
      'test/lib/hash.test.ts',
      'test/model/applied.test.ts',
      'test/model/vault.test.ts',
      'test/render/sanitize.test.ts',
      'test/spec/hidden-lines.test.ts',
      'test/apply/revisions.test.ts',
      'test/commands/plan-file.test.ts',
      'test/commands/unknown-seals.test.ts',
      'test/commands/restore-images.test.ts',
    ],
  },
  rollback: {
    target: 90,
    files: [
      ...apply('changed-since', 'late-failure', 'past-run', 'revisions', 'roll-back', 'undo-steps', 'walk'),
      ...commands('restore', 'restore-images'),
    ],
    tests: [
      'test/apply/apply.test.ts',
      'test/apply/changed-since.test.ts',
      'test/apply/interrupt.test.ts',
      'test/apply/others.test.ts',
      'test/apply/past-run.test.ts',
      'test/apply/revisions.test.ts',
      'test/apply/rewind.test.ts',
      'test/apply/roll-back.test.ts',
      'test/apply/walk.test.ts',
      'test/commands/restore*.test.ts',
    ],
  },
  recovery: {
    target: 90,
    files: [
      ...apply('assumed', 'interrupted', 'left-by', 'own-leftovers', 'recover', 'runs-as-then', 'settled'),
      ...commands('recover-way', 'take-over', 'unfinished'),
    ],
    tests: [
      'test/apply/assumed.test.ts',
      'test/apply/finish-forward.test.ts',
      'test/apply/interrupted.test.ts',
      'test/apply/recover.test.ts',
      'test/apply/runs-as-then.test.ts',
      'test/commands/recover-*.test.ts',
    ],
  },
  lock: {
    target: 90,
    files: [
      ...adapters('docker-fence', 'docker-lock', 'docker-lock-held', 'docker-lock-image', 'docker-lock-program', 'docker-lock-seen'),
      ...adapters('is-alive', 'socket-lock'),
      ...commands('holder-text', 'take-lock', 'under-lock'),
    ],
    tests: [
      'test/adapters/docker-fence.test.ts',
      'test/adapters/docker-lock*.test.ts',
      'test/adapters/is-alive.test.ts',
      'test/adapters/socket-lock.test.ts',
      'test/commands/take-lock.test.ts',
      'test/commands/under-lock.test.ts',
    ],
  },
  planner: {
    target: 85,
    files: ['src/plan/**/*.ts'],
    tests: ['test/plan/*.test.ts'],
    without: ['test/plan/laws.test.ts'],
    depth: '0.02',
    isPure: true,
  },
};
