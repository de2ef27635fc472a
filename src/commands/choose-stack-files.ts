import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StackConfig, StackEntry } from '../config.ts';
import { configName, foldersUpTo } from '../config/find-config.ts';
import type { Setting } from '../config/tool-settings.ts';
import { nearest } from '../lib/nearest.ts';
import { get, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Variables } from './choose-stack-variables.ts';
import type { FlagValues } from './flags.ts';

export interface ChosenFiles {
  /** Absolute, in the order they are merged. */
  readonly files: Setting<readonly string[]>;
  /** What stack.config.yaml says about the stack of exactly these files. */
  readonly entry?: StackEntry;
  readonly warnings: readonly Problem[];
}

export interface FileSources {
  readonly flags: Pick<FlagValues, 'file' | 'stack' | 'host' | 'context'>;
  readonly cwd: string;
  /** Where the search begins, absolute. */
  readonly folder: string;
  readonly config: StackConfig | undefined;
  readonly variables: Variables;
}

type Choice = Result<ChosenFiles, readonly Problem[]>;

/** The names in the order in which Docker Compose prefers them. */
const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];

/** Which files the stack is made of: -f, else --stack, else COMPOSE_FILE, else what is found from the folder upwards. */
export function chooseFiles(sources: FileSources): Choice {
  const { flags, config, cwd } = sources;
  const named = flags.stack === undefined ? undefined : namedEntry(flags.stack, config);
  if (named?.ok === false) return named;
  if (flags.file.length > 0) return fromList({ value: flags.file, by: 'flag', from: '--file' }, sources, named?.value);
  if (named) return ok({ files: { value: named.value.files, by: 'flag', from: '--stack' }, entry: named.value, warnings: [] });
  const listed = sources.variables('COMPOSE_FILE');
  if (listed) {
    const separator = sources.variables('COMPOSE_PATH_SEPARATOR')?.value ?? ':';
    return fromList({ ...listed, value: listed.value.split(separator).filter((path) => path !== '') }, sources, undefined);
  }
  return found(sources) ?? onlyEntry(sources) ?? nothing(sources, cwd);
}

function fromList(list: Setting<readonly string[]>, sources: FileSources, entry: StackEntry | undefined): Choice {
  if (list.value.includes('-')) {
    const message = `${list.from} - (a stack file from standard input) is not supported by this version yet`;
    return problem({ code: 'stdin-not-supported', message, hint: 'write it to a file and name that with -f' });
  }
  const files = list.value.map((path) => resolve(sources.cwd, path));
  return withEntry({ files: { ...list, value: files }, ...(entry && { entry }), warnings: [] }, sources);
}

/** Takes in what stack.config.yaml says of these very files, so that their engine holds however they were chosen. */
function withEntry(chosen: ChosenFiles, { config, flags }: FileSources): Choice {
  if (chosen.entry) return ok(chosen);
  const files = chosen.files.value;
  const entries = Object.values(config?.stacks ?? {}).filter(
    (entry) => entry.files.length === files.length && entry.files.every((file, i) => file === files[i]),
  );
  const [entry, second] = entries;
  if (!second) return ok({ ...chosen, ...(entry && { entry }) });
  // Who names the engine has said which of them is meant
  if (flags.host !== undefined || flags.context !== undefined) return ok(chosen);
  return several(`${files.join(', ')} belongs to several stacks of ${configName}`, entries);
}

function found(sources: FileSources): Choice | undefined {
  const { folder, config } = sources;
  // Above a stack.config.yaml with stacks lies somebody else's
  const top = config && names(config.stacks).length > 0 ? dirname(config.file) : '/';
  for (const each of foldersUpTo(top, folder)) {
    const candidates = fileNames.filter((name) => existsSync(join(each, name)));
    const [file] = candidates;
    if (file === undefined) continue;
    const override = overrideNames.find((name) => existsSync(join(each, name)));
    const value = [file, ...(override === undefined ? [] : [override])].map((name) => join(each, name));
    const message = `${each} holds ${candidates.join(' and ')}; ${file} is taken`;
    const warnings: Problem[] =
      candidates.length > 1 ? [{ code: 'several-stack-files', severity: 'warning', message, hint: 'name one with -f' }] : [];
    return withEntry({ files: { value, by: 'built-in', from: 'found' }, warnings }, sources);
  }
  return undefined;
}

function onlyEntry({ config }: FileSources): Choice | undefined {
  const entries = Object.values(config?.stacks ?? {});
  const [entry, second] = entries;
  if (!config || !entry) return undefined;
  if (second) return several(`${config.file} has several stacks, and none is chosen`, entries);
  return ok({ files: { value: entry.files, by: 'config', from: config.placeOf('stacks', entry.name) }, entry, warnings: [] });
}

function namedEntry(name: string, config: StackConfig | undefined): Result<StackEntry, readonly Problem[]> {
  const entry = config && get(config.stacks, name);
  if (entry) return ok(entry);
  const hint = `list the stack under "stacks" in a ${configName}, or name its file with -f`;
  if (!config)
    return problem({ code: 'config-missing', message: `--stack ${name}: there is no ${configName} that could say where it lies`, hint });
  const known = names(config.stacks);
  const near = nearest(name, known);
  const message = `--stack ${name}: ${config.file} has no stack of that name`;
  const list = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
  return problem({ code: 'unknown-stack', message, hint: near === undefined ? list : `did you mean "${near}"?` });
}

const several = (message: string, entries: readonly StackEntry[]): Choice =>
  problem({
    code: 'stack-ambiguous',
    message,
    hint: `choose one:\n${entries
      .map(({ name, files }) => `--stack ${name}  (${files.join(', ')})`)
      .sort()
      .join('\n')}`,
  });

function nothing({ folder, config }: FileSources, cwd: string): Choice {
  const where = folder === cwd ? 'here' : `in ${folder}`;
  const looked = `looked for ${fileNames.join(', ')} in ${folder} and every folder above`;
  const also = config ? `${config.file} lists no stack either` : `and for a ${configName}`;
  return problem({ code: 'no-stack-file', message: `there is no stack file ${where}`, hint: `${looked}, ${also}; name a file with -f` });
}

const problem = (what: { readonly code: string; readonly message: string; readonly hint: string }): Result<never, readonly Problem[]> =>
  fail([{ ...what, severity: 'error' }]);
