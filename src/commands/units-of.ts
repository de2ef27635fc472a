import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { argv, execPath, geteuid } from 'node:process';
import { readConfig } from '../config.ts';
import { present } from '../lib/present.ts';
import { get, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { isUsableProgram, isWritable } from '../render/units/unit-words.ts';
import type { UnitsOf } from '../render/units/stack-units.ts';
import { readStack, type Stack } from '../spec/read-stack.ts';
import { parseLine } from './args.ts';
import { chooseStack, type StackChoice } from './choose-stack.ts';
import type { Invocation } from './command.ts';

export interface UnitsOfStack {
  readonly of: UnitsOf;
  readonly warnings: readonly Problem[];
}

type Found = Result<UnitsOfStack, readonly Problem[]>;

const usualEveryMs = 15 * 60_000;

/** Variables of the caller's that say which engine and which parts of the stack are meant, and that its units are given likewise. */
const handedOn = [
  'COMPOSE_DISABLE_ENV_FILE',
  'COMPOSE_PROFILES',
  'COMPOSE_PROJECT_NAME',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
];

/** What the units of a stack call so that they find it as the caller does: wherever they start, and without the caller's environment. */
export async function unitsOfStack(invocation: Invocation): Promise<Found> {
  const { flags, io } = invocation;
  const [choice, config] = await Promise.all([chooseStack(invocation), readConfig(io.cwd)]);
  if (!choice.ok) return choice;
  const vaultKey = randomBytes(16).toString('hex');
  const read = await readStack({ vaultKey, ...choice.value.stack });
  if (!read.ok) return read;
  const { files, envFiles, projectDirectory } = choice.value.chosen;
  const stateDir = choice.value.settings.stateDir.value;
  const of: UnitsOf = {
    stack: read.value.desired.stack,
    node: execPath,
    program: argv[1] ?? '',
    words: wordsOf(choice.value, invocation),
    folder: config.ok && config.value ? dirname(config.value.file) : projectDirectory.value,
    reads: [...files.value, ...envFiles.value],
    stateDir,
    environment: present(Object.fromEntries(handedOn.map((name) => [name, get(io.environment, name)]))) as ByName<string>,
    user: geteuid?.() === 0 ? undefined : userInfo().username,
    everyMs: flags.every ?? usualEveryMs,
  };
  const paths = [of.program, of.folder, of.stateDir, ...of.reads].filter((path) => !isWritable(path));
  const problems = [...(isUsableProgram(of.node) ? [] : [of.node]), ...paths].map(unwritable);
  if (problems.length > 0) return fail(problems);
  return asTheySeeIt({ of, stack: read.value, vaultKey }, invocation);
}

/** All of it is absolute: units start in a folder of their own. */
function wordsOf({ chosen }: StackChoice, { flags, io }: Invocation): string[] {
  const { stack, projectName, projectDirectory, host, context } = flags;
  const given = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value]);
  return [
    ...given('--stack', stack),
    ...chosen.files.value.flatMap((file) => ['--file', file]),
    ...given('--project-name', projectName),
    ...given('--project-directory', projectDirectory === undefined ? undefined : resolve(io.cwd, projectDirectory)),
    ...flags.profile.flatMap((profile) => ['--profile', profile]),
    ...(chosen.envFiles.by === 'config' ? [] : chosen.envFiles.value.flatMap((file) => ['--env-file', file])),
    ...given('--host', host),
    ...given('--context', context),
  ];
}

/** Reads the stack once more with what the units will have, since a variable of the caller's shell would be missing only at the next boot. */
async function asTheySeeIt(
  { of, stack, vaultKey }: { readonly of: UnitsOf; readonly stack: Stack; readonly vaultKey: string },
  { io }: Invocation,
): Promise<Found> {
  const line = parseLine([...of.words, 'drift']);
  if (!line.ok) return fail(line.error.problems);
  const choice = await chooseStack({ flags: line.value.flags, io: { ...io, environment: of.environment, cwd: of.folder } });
  const read = choice.ok ? await readStack({ vaultKey, ...choice.value.stack }) : choice;
  if (!read.ok) return fail([...read.error, blind]);
  if (read.value.desired.stack !== of.stack) return fail([blind]);
  const warnings = isSame(read.value, stack) ? [] : [halfBlind];
  return ok({ of, warnings: [...warnings, ...withoutRules(stack)] });
}

const isSame = (one: Stack, other: Stack): boolean => {
  const [left, right] = [one, other].map(({ desired: { services, networks, volumes } }) => JSON.stringify({ services, networks, volumes }));
  return left === right;
};

const hint = 'put the variables that the stack needs in its .env file, or name a file with --env-file';

const blind: Problem = {
  code: 'units-blind',
  severity: 'error',
  message: 'the units could not read this stack: it needs variables of your shell, which they do not have',
  hint,
};

const halfBlind: Problem = {
  code: 'units-blind',
  severity: 'warning',
  message: 'variables of your shell change this stack, and its units do not have them: drift will see a difference',
  hint,
};

const withoutRules = ({ desired }: Stack): Problem[] =>
  desired.ports.reclaim.length > 0
    ? []
    : [
        {
          code: 'no-reclaim-rules',
          severity: 'warning',
          message: `no rule of stack ${desired.stack} names a process that may be ended: its unit at boot will end nothing`,
          hint: 'add x-stack.ports.reclaim to the stack file (docs/ports.md)',
        },
      ];

const unwritable = (path: string): Problem => ({
  code: 'path-unusable',
  severity: 'error',
  message: `${JSON.stringify(path)} cannot stand in a unit: it has a control character, a quote or a backslash, or ends with a space`,
  hint: 'rename it',
});
