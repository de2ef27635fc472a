import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ByName } from '../../src/lib/record.ts';

/** Where the real Compose files lie, packed. */
export const archive = resolve(import.meta.dirname, '../../../shared/corpus/corpus.tar.xz');

export interface CorpusCase {
  readonly id: string;
  readonly run: 'config' | 'no-interpolate';
  readonly args: readonly string[];
  /** Where the command runs. */
  readonly cwd: string;
  readonly environment: ByName<string>;
  /** The folder that `{DIR}` stands for. */
  readonly input: string;
  /** What the reference prints; undefined if it refuses. */
  readonly expected: unknown;
}

interface CaseFile {
  readonly id: string;
  readonly cwd: string;
  readonly env: ByName<string>;
  readonly args: readonly string[];
  readonly runs: ByName<{ readonly args: readonly string[]; readonly exit: number; readonly expected?: string }>;
}

export interface Corpus {
  readonly folder: string;
  remove(): void;
}

/** Unpacks the corpus outside the repository. */
export function unpackCorpus(): Corpus {
  const top = mkdtempSync(join(tmpdir(), 'stackctl-corpus-'));
  // Deep enough that no parent that `{DIR}/../..` may name is a folder that others know too
  const folder = join(top, 'a', 'b', 'c', 'd');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xJf', archive, '-C', folder]);
  return {
    folder,
    remove: () => {
      rmSync(top, { recursive: true, force: true });
    },
  };
}

const base = { HOME: '/home/user', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** The cases below a folder of the corpus, one for each run; a case without runs is to be refused. */
export function casesIn(folder: string): CorpusCase[] {
  return caseFolders(folder).flatMap((path) => {
    const { id, cwd, env, args, runs } = JSON.parse(readFileSync(join(path, 'case.json'), 'utf8')) as CaseFile;
    const input = join(path, 'input');
    const one = { id, cwd: resolve(input, cwd), environment: { ...base, ...env }, input };
    if (Object.keys(runs).length === 0) return [{ ...one, run: 'config' as const, args, expected: undefined }];
    return Object.entries(runs).map(([run, { args: words, exit, expected }]) => ({
      ...one,
      run: run as CorpusCase['run'],
      args: words,
      expected: exit === 0 && expected !== undefined ? (JSON.parse(readFileSync(join(path, expected), 'utf8')) as unknown) : undefined,
    }));
  });
}

function caseFolders(folder: string): string[] {
  if (existsSync(join(folder, 'case.json'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => caseFolders(join(folder, entry.name)))
    .sort();
}

/** The value with the folder of the input written as `{DIR}`, its parents as `{DIR}/..` and so on. */
export function withoutFolder(value: unknown, input: string): unknown {
  const parents = [input];
  for (let i = 1; i < 7; i++) parents.push(resolve(parents[i - 1] ?? '/', '..'));
  const rules = parents
    .filter((path) => path !== '/')
    .map((path, i) => [new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g'), `{DIR}${'/..'.repeat(i)}`] as const);
  const text = (from: string): string => rules.reduce((now, [path, sign]) => now.replace(path, () => sign), from);
  const walk = (inner: unknown): unknown => {
    if (typeof inner === 'string') return text(inner);
    if (Array.isArray(inner)) return inner.map(walk);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [text(key), walk(each)]));
  };
  return walk(value);
}
