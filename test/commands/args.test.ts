import { describe, expect, it } from 'vitest';
import { parseLine } from '../../src/commands/args.ts';
import { commands } from '../../src/commands/command-list.ts';
import type { Flag } from '../../src/commands/flag.ts';
import { flags, globalFlags } from '../../src/commands/flags.ts';

const everyCommand = commands.map(({ name }) => name).join(', ');
const all: readonly Flag<unknown>[] = Object.values(flags);
const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

/** What was given, without the flags that were not. */
function read(line: string): unknown {
  const parsed = parseLine(words(line));
  if (!parsed.ok)
    return parsed.error.problems.map(({ code, message, hint }) => `${code}: ${message}${hint === undefined ? '' : ` | ${hint}`}`);
  const { command, calledAs, positionals, flags: values } = parsed.value;
  const given = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(flags[name as keyof typeof flags].initial),
  );
  return { command: command?.name, calledAs, positionals, ...Object.fromEntries(given) };
}

describe('a command line that makes sense', () => {
  it.each([
    ['', { calledAs: '', positionals: [] }],
    ['plan', { command: 'plan', calledAs: 'plan', positionals: [] }],
    ['ps', { command: 'status', calledAs: 'ps', positionals: [] }],
    ['up', { command: 'up', calledAs: 'up', positionals: [] }],
    ['plan web db', { command: 'plan', calledAs: 'plan', positionals: ['web', 'db'] }],
    ['-f a.yaml plan -f b.yaml', { command: 'plan', calledAs: 'plan', positionals: [], file: ['a.yaml', 'b.yaml'] }],
    ['plan --file=a.yaml -fb.yaml -f=c.yaml', { command: 'plan', calledAs: 'plan', positionals: [], file: ['a.yaml', 'b.yaml', 'c.yaml'] }],
    ['plan -f -', { command: 'plan', calledAs: 'plan', positionals: [], file: ['-'] }],
    ['--out p.json plan', { command: 'plan', calledAs: 'plan', positionals: [], out: 'p.json' }],
    ['plan --project-name=a=b', { command: 'plan', calledAs: 'plan', positionals: [], projectName: 'a=b' }],
    ['plan -p one -p two', { command: 'plan', calledAs: 'plan', positionals: [], projectName: 'two' }],
    ['plan -- --web -f', { command: 'plan', calledAs: 'plan', positionals: ['--web', '-f'] }],
    ['plan --json=false', { command: 'plan', calledAs: 'plan', positionals: [] }],
    ['plan --json=true', { command: 'plan', calledAs: 'plan', positionals: [], json: true }],
    ['up -dy web', { command: 'up', calledAs: 'up', positionals: ['web'], detach: true, yes: true }],
    ['up -dyf a.yaml', { command: 'up', calledAs: 'up', positionals: [], detach: true, yes: true, file: ['a.yaml'] }],
    ['up -ydfa.yaml', { command: 'up', calledAs: 'up', positionals: [], detach: true, yes: true, file: ['a.yaml'] }],
    ['up --pull', { command: 'up', calledAs: 'up', positionals: [], pull: 'always' }],
    ['up --pull web', { command: 'up', calledAs: 'up', positionals: ['web'], pull: 'always' }],
    ['up --pull missing web', { command: 'up', calledAs: 'up', positionals: ['web'], pull: 'missing' }],
    ['up --pull=never web', { command: 'up', calledAs: 'up', positionals: ['web'], pull: 'never' }],
    ['--pull never up web', { command: 'up', calledAs: 'up', positionals: ['web'], pull: 'never' }],
    [
      'up --scale web=3 --scale db=0',
      {
        command: 'up',
        calledAs: 'up',
        positionals: [],
        scale: [
          { service: 'web', count: 3 },
          { service: 'db', count: 0 },
        ],
      },
    ],
    ['apply p.json --timeout 90', { command: 'apply', calledAs: 'apply', positionals: ['p.json'], timeout: 90_000 }],
    [
      'apply --timeout 1h30m --rollback-timeout=90s',
      { command: 'apply', calledAs: 'apply', positionals: [], timeout: 5_400_000, rollbackTimeout: 90_000 },
    ],
    ['apply --parallelism 4', { command: 'apply', calledAs: 'apply', positionals: [], parallelism: 4 }],
    ['down -t 0', { command: 'down', calledAs: 'down', positionals: [], stopTimeout: 0 }],
    ['down --timeout 5', { command: 'down', calledAs: 'down', positionals: [], stopTimeout: 5000 }],
    [
      'plan --allow-destroy volume/a --allow-destroy network/b',
      { command: 'plan', calledAs: 'plan', positionals: [], allowDestroy: ['volume/a', 'network/b'] },
    ],
    ['--help', { calledAs: '', positionals: [], help: true }],
    ['plan -h', { command: 'plan', calledAs: 'plan', positionals: [], help: true }],
    ['version extra --help', { command: 'version', calledAs: 'version', positionals: ['extra'], help: true }],
    ['--version', { calledAs: '', positionals: [], version: true }],
    ['config --services -q', { command: 'config', calledAs: 'config', positionals: [], listServices: true, quiet: true }],
  ])('%s', (line, meaning) => {
    expect(read(line)).toEqual(meaning);
  });
});

describe('a command line that does not', () => {
  it.each([
    ['plna', ['unknown-command: stackctl has no command "plna" | did you mean "stackctl plan"?']],
    ['stauts', ['unknown-command: stackctl has no command "stauts" | did you mean "stackctl status"?']],
    ['frobnicate', [`unknown-command: stackctl has no command "frobnicate" | it has ${everyCommand}`]],
    ['logs', ['unknown-command: stackctl logs is not supported by this version yet | see stackctl help']],
    ['up --detatch', ['unknown-flag: stackctl up has no flag --detatch | did you mean --detach?']],
    ['plan --detailed-exit-code', ['unknown-flag: stackctl plan has no flag --detailed-exit-code | did you mean --detailed-exitcode?']],
    ['status --out x', ['unknown-flag: stackctl status has no flag --out | it is a flag of stackctl plan, stackctl import']],
    ['apply -t 3', ['unknown-flag: stackctl apply has no flag -t | it is a flag of stackctl down']],
    ['plan -z', ['unknown-flag: stackctl plan has no flag -z | see stackctl plan --help']],
    ['--frobnicate', ['unknown-flag: stackctl has no flag --frobnicate | see stackctl help']],
    ['plan --file', ['missing-value: --file needs a value | write --file FILE']],
    ['plan -f', ['missing-value: -f needs a value | write -f FILE']],
    ['plan --out --json', ['missing-value: --out needs a value | write --out FILE']],
    ['plan --out=', ['bad-value: --out takes a text that is not empty, not ""']],
    ['plan --json=maybe', ['bad-value: --json takes no value, or true or false, not "maybe"']],
    ['plan --progress loud', ['bad-value: --progress takes one of auto, tty, plain, json, quiet, not "loud"']],
    ['up --pull=sometimes', ['bad-value: --pull takes one of always, missing, never, not "sometimes"']],
    ['apply --timeout soon', ['bad-value: --timeout takes a duration such as 90s, 10m or 1h30m, not "soon"']],
    ['apply --timeout 0', ['bad-value: --timeout takes a duration such as 90s, 10m or 1h30m, not "0"']],
    ['apply --timeout 40d', ['bad-value: --timeout takes a duration such as 90s, 10m or 1h30m, not "40d"']],
    ['apply --timeout -5s', ['missing-value: --timeout needs a value | write --timeout DURATION']],
    ['apply --parallelism 0', ['bad-value: --parallelism takes a whole number from 1 on, not "0"']],
    ['apply --parallelism 1.5', ['bad-value: --parallelism takes a whole number from 1 on, not "1.5"']],
    ['up --scale web', ['bad-value: --scale takes SERVICE=NUMBER, such as web=3, not "web"']],
    ['plan --allow-destroy data', ['bad-value: --allow-destroy takes volume/NAME or network/NAME, not "data"']],
    [
      'down --rmi all',
      ['flag-not-supported: --rmi is not supported by this version yet | images stay; docker image rm removes one by name'],
    ],
    ['apply one two', ['unexpected-argument: there is no place for "two" in stackctl apply | stackctl apply takes one PLANFILE']],
    ['down web', ['unexpected-argument: there is no place for "web" in stackctl down | stackctl down takes flags only']],
    [
      'plan --oops -p= --progress x',
      [
        'unknown-flag: stackctl plan has no flag --oops | see stackctl plan --help',
        'bad-value: -p takes a text that is not empty, not ""',
        'bad-value: --progress takes one of auto, tty, plain, json, quiet, not "x"',
      ],
    ],
    ['plan --__proto__ x', ['unknown-flag: stackctl plan has no flag --__proto__ | see stackctl plan --help']],
    ['constructor', [`unknown-command: stackctl has no command "constructor" | it has ${everyCommand}`]],
  ])('%s', (line, problems) => {
    expect(read(line)).toEqual(problems);
  });

  it('still says whether data was asked for', () => {
    const parsed = parseLine(words('plan --json --oops'));
    expect(!parsed.ok && parsed.error.flags.json).toBe(true);
  });
});

describe('the tables', () => {
  const isBare = ({ value, alone }: Flag<unknown>): boolean => value === undefined || alone !== undefined;

  it('gives flags of one name one arity, so that they can be read before the command is known', () => {
    for (const flag of all) for (const other of all) if (flag.name === other.name) expect(isBare(flag), flag.name).toBe(isBare(other));
  });

  it('gives a letter to one flag only', () => {
    const letters = all.flatMap(({ short }) => short ?? []);
    expect(letters).toEqual([...new Set(letters)]);
  });

  it.each(commands.map((command) => [command.name, command] as const))('names no flag twice in %s', (_name, command) => {
    const spelled = [...globalFlags, ...command.flags].map((flag) => flags[flag].name);
    expect(spelled).toEqual([...new Set(spelled)]);
  });

  it('uses every flag', () => {
    const used = new Set([...globalFlags, ...commands.flatMap((command) => command.flags)]);
    expect(Object.keys(flags).filter((name) => !used.has(name as keyof typeof flags))).toEqual([]);
  });

  it('gives examples that it can read itself', () => {
    const lines = commands.flatMap(({ examples }) => examples.flatMap(({ line }) => line.split(' && ')));
    for (const line of lines.filter((each) => each.startsWith('stackctl '))) {
      const before = (line.split(' > ')[0] ?? '').replaceAll('"', '');
      expect(parseLine(words(before).slice(1)).ok, line).toBe(true);
    }
  });
});
