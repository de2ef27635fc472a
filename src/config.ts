import { dirname, relative, resolve } from 'node:path';
import { checkConfig } from './config/check-config.ts';
import { findConfig, type FoundConfig } from './config/find-config.ts';
import { present } from './lib/present.ts';
import { mapValues, type ByName } from './lib/record.ts';
import { fail, ok, type Result } from './lib/result.ts';
import type { Problem } from './model/problem.ts';
import { isError, problemsOf, type Finding } from './spec/finding.ts';
import { createSource, placeOf } from './spec/mark.ts';
import { markAt, plainOf, type MapNode } from './spec/node.ts';
import { parseYaml } from './spec/parse-yaml.ts';

/** What a stack.config.yaml says; all paths absolute. */
export interface StackConfig {
  /** Absolute. */
  readonly file: string;
  readonly stacks: ByName<StackEntry>;
  readonly defaults: Defaults;
  /** "stack.config.yaml:4" for a path such as "defaults.timeout". */
  readonly placeOf: (...path: readonly string[]) => string;
}

export interface StackEntry {
  readonly name: string;
  readonly files: readonly string[];
  readonly engine: { readonly host?: string; readonly context?: string };
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
}

/** Absent: not said. Durations as they are written, such as "10m". */
export interface Defaults {
  readonly timeout?: string;
  readonly rollback_timeout?: string;
  readonly pull_timeout?: string;
  readonly ready_timeout?: string;
  readonly parallelism?: number;
  readonly state_dir?: string;
  readonly helper_image?: string;
  readonly progress?: 'auto' | 'tty' | 'plain' | 'json' | 'quiet';
}

/** The stack.config.yaml that holds for a folder, checked; undefined if there is none. */
export async function readConfig(folder: string): Promise<Result<StackConfig | undefined, readonly Problem[]>> {
  const found = await findConfig(folder);
  if (!found.ok) return found;
  return found.value ? parseConfig(found.value, folder) : ok(undefined);
}

function parseConfig({ file, text }: FoundConfig, folder: string): Result<StackConfig, readonly Problem[]> {
  const inside = relative(folder, file);
  const source = createSource(inside.startsWith('..') ? file : inside, text);
  const findings: Finding[] = [];
  const root = parseYaml(source, (finding) => void findings.push(ownWords(finding)));
  const isEmpty = findings.every(({ code }) => code === 'empty-file');
  if (root) checkConfig(root, (finding) => void findings.push(finding));
  else if (isEmpty) return ok({ file, stacks: {}, defaults: {}, placeOf: () => source.name });
  if (!root || findings.some(isError)) return fail(problemsOf(findings, () => false));
  return ok(configOf(root, file));
}

/** The parser's words are those for a stack file. */
const ownWords = (finding: Finding): Finding =>
  finding.code === 'wrong-type'
    ? { ...finding, message: 'stack.config.yaml must be a map with keys such as "stacks"' }
    : finding.code === 'yaml-documents'
      ? { ...finding, hint: 'stack.config.yaml is one document' }
      : finding;

/** As the schema has made sure of. */
interface Document {
  readonly stacks?: ByName<{
    readonly file?: string;
    readonly files?: readonly string[];
    readonly engine?: StackEntry['engine'];
    readonly profiles?: readonly string[];
    readonly env_files?: readonly string[];
  }>;
  readonly defaults?: Defaults;
}

function configOf(root: MapNode, file: string): StackConfig {
  const { stacks = {}, defaults = {} } = plainOf(root) as Document;
  const folder = dirname(file);
  const absolute = (path: string): string => resolve(folder, path);
  return {
    file,
    stacks: mapValues(stacks, ({ file: one, files, engine = {}, profiles = [], env_files = [] }, name) => ({
      name,
      files: (files ?? (one === undefined ? [] : [one])).map(absolute),
      engine,
      profiles,
      envFiles: env_files.map(absolute),
    })),
    defaults: present({ ...defaults, state_dir: defaults.state_dir === undefined ? undefined : absolute(defaults.state_dir) }),
    placeOf: (...path) => {
      const { file: shown, line } = placeOf(markAt(root, path), () => true);
      return `${shown}:${line}`;
    },
  };
}
