import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { get, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { createVault, type Vault } from '../model/vault.ts';
import { contentFilesOf, missingContents } from './check-contents.ts';
import { checkReferences } from './check-references.ts';
import { completeStack } from './complete.ts';
import { configModel } from './config-model.ts';
import type { Declared } from './declared.ts';
import { readDotenv } from './dotenv.ts';
import { envFilesOf, envFileVariables } from './env-files.ts';
import type { FileAnswer, Files } from './file-answer.ts';
import { createFindings, isError, problemsOf, type Finding } from './finding.ts';
import { hiddenLines } from './hidden-lines.ts';
import { loadDocuments, type Loaded } from './load-documents.ts';
import { createSource, type Source } from './mark.ts';
import { child, markAt, plainOf } from './node.ts';
import { textOf } from './normal-values.ts';
import { placesOf } from './places.ts';
import { resolveStack } from './resolve-stack.ts';

export interface StackRequest {
  /** The stack files in the order they are merged, absolute. */
  readonly files: readonly string[];
  /** Absolute; the folder of the first file if absent. */
  readonly projectDirectory?: string;
  /** Beats COMPOSE_PROJECT_NAME, which beats `name`, which beats the name of the folder. */
  readonly projectName?: string;
  /** Empty: those of COMPOSE_PROFILES, as the environment or the .env file says. */
  readonly profiles: readonly string[];
  /** Empty: `.env` of the project directory, if there is one. A later file wins. */
  readonly envFiles: readonly string[];
  readonly environment: ByName<string>;
  /** Files inside it are shown relative to it. */
  readonly cwd: string;
  /** Hex; of the vault that holds the sensitive values. */
  readonly vaultKey: string;
}

export interface Stack {
  readonly desired: Desired;
  /** All that the files declare, in normal form, with inactive services and what nothing uses. Holds sensitive values. */
  readonly declared: Declared;
  readonly vault: Vault;
  readonly warnings: readonly Problem[];
  /** What a run needs and this machine lacks, such as the file of a secret: errors for all but printing the model. */
  readonly missing: readonly Problem[];
  /** The resolved stack as plain data, in the form that `docker compose config` prints. Holds sensitive values. */
  readonly model: ByName<unknown>;
  /** What variables were taken from: the environment over the .env files. Holds sensitive values. */
  readonly variables: ByName<string>;
  /** The active profiles. */
  readonly profiles: readonly string[];
  /** All profiles that a service names, sorted. */
  readonly knownProfiles: readonly string[];
}

/** Bytes of one file that is read: stack files, .env files, and contents that count. */
const maxBytes = 1024 * 1024;

/**
 * Reads stack files and all that they name, and resolves them. The error holds every problem that was found, warnings among them.
 * Reads regular files only, at most 1 MiB each.
 */
export async function readStack(request: StackRequest): Promise<Result<Stack, readonly Problem[]>> {
  const reading = await readSources(request);
  const { findings, report } = reading;
  const loaded = loadDocuments({ ...reading, askedName: request.projectName ?? get(reading.variables, 'COMPOSE_PROJECT_NAME') }, report);
  if (!loaded?.named) return refuse(findings, loaded, request);
  return resolveLoaded(loaded, reading);
}

interface Reading {
  readonly request: StackRequest;
  readonly sources: readonly Source[];
  readonly directory: string;
  readonly home: string;
  readonly variables: ByName<string>;
  readonly lookup: (name: string) => string | undefined;
  readonly findings: readonly Finding[];
  readonly report: (finding: Finding) => void;
  readonly shown: (path: string) => string;
}

async function readSources(request: StackRequest): Promise<Reading> {
  const { findings, report } = createFindings();
  const shown = (path: string) => shownPath(request.cwd, path);
  const directory = request.projectDirectory ?? dirname(request.files[0] ?? resolve(request.cwd, 'compose.yaml'));
  const implied = request.envFiles.length === 0 ? resolve(directory, '.env') : undefined;
  const files = await readFiles([...request.files, ...(implied === undefined ? request.envFiles : [implied])]);
  const fileVariables: Record<string, string> = {};
  const outside = (name: string) => get(request.environment, name);
  for (const path of implied === undefined ? request.envFiles : [implied]) {
    const source = sourceOf(path, files, { shown, report, optional: path === implied });
    const read = source && readDotenv({ source, outside, last: (name) => get(fileVariables, name) }, report);
    Object.assign(fileVariables, Object.fromEntries(read ?? []));
  }
  const variables = { ...fileVariables, ...request.environment };
  const sources = request.files.flatMap((path) => sourceOf(path, files, { shown, report, optional: false }) ?? []);
  const home = get(request.environment, 'HOME') ?? '/';
  return { request, sources, directory, home, variables, lookup: (name) => get(variables, name), findings, report, shown };
}

async function resolveLoaded(loaded: Loaded, reading: Reading): Promise<Result<Stack, readonly Problem[]>> {
  const { request, findings, report, shown, directory, variables } = reading;
  const { root, lookup } = loaded;
  // The schema and the normal-… stages have made sure of these types.
  const declared = plainOf(root) as Declared;
  const markOf = (...path: readonly string[]) => markAt(root, path);
  const profiles =
    request.profiles.length > 0 ? request.profiles : (get(variables, 'COMPOSE_PROFILES') ?? '').split(',').filter((name) => name !== '');
  const envFiles = await readFiles(envFilesOf(declared));
  const fileVariables = (name: string) => envFileVariables(name, { declared, files: envFiles, lookup, markOf, shown, report });
  const stack = completeStack(declared, { stack: loaded.stack, directory, profiles, lookup, fileVariables });
  // Beside other faults only what is surely missing is told: the rest may be missing because of them.
  const isSure = ({ code }: Finding) => code.startsWith('undefined-') || code === 'dependency-cycle';
  const early = !loaded.whole || findings.some(isError);
  checkReferences({ declared, stack, markOf, report: early ? (finding) => void (isSure(finding) && report(finding)) : report });
  if (!loaded.whole || findings.some(isError)) return refuse(findings, loaded, request);

  const files = await readFiles(contentFilesOf(stack));
  const vault = vaultOf(loaded, request);
  // A vault of its own: the lines it is asked about are not values.
  const hides = hiddenLines(vaultOf(loaded, request));
  const places = placesOf(root, stack, hides);
  const desired = resolveStack({ stack, directory, files, vault, lookup, stackFiles: request.files, places });
  return ok({
    desired,
    declared,
    vault,
    warnings: problemsOf(findings, hides),
    missing: problemsOf(missingContents({ stack, files, lookup, markOf, shown }), hides),
    get model() {
      return configModel(stack);
    },
    variables,
    profiles,
    knownProfiles: [...new Set(Object.values(declared.services ?? {}).flatMap((service) => service.profiles ?? []))].sort(),
  });
}

const refuse = (findings: readonly Finding[], loaded: Loaded | undefined, request: StackRequest): Result<never, readonly Problem[]> =>
  fail(problemsOf(findings, hiddenLines(vaultOf(loaded, request))));

function vaultOf(loaded: Loaded | undefined, { vaultKey }: StackRequest): Vault {
  const sensitive = loaded && child(child(loaded.root, 'x-stack'), 'sensitive');
  return createVault(vaultKey, sensitive?.kind === 'list' ? sensitive.items.map(textOf) : []);
}

interface Sourcing {
  readonly shown: (path: string) => string;
  readonly report: (finding: Finding) => void;
  readonly optional: boolean;
}

function sourceOf(path: string, files: Files, { shown, report, optional }: Sourcing): Source | undefined {
  const answer = files.get(path) ?? { kind: 'missing' };
  if (answer.kind === 'text') return createSource(shown(path), answer.text);
  if (answer.kind === 'missing' && optional) return undefined;
  const message = `${shown(path)} ${answer.kind === 'missing' ? 'does not exist' : answer.why}`;
  report({ code: `file-${answer.kind}`, message });
  return undefined;
}

function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}

async function readFiles(paths: readonly string[]): Promise<Files> {
  return new Map(await Promise.all([...new Set(paths)].map(async (path) => [path, await readRegularFile(path)] as const)));
}

/** Looks before it opens, and opens without waiting: opening a FIFO or a device may hang or do something. */
async function readRegularFile(path: string): Promise<FileAnswer> {
  try {
    if (!(await stat(path)).isFile()) return { kind: 'unreadable', why: 'is not a regular file' };
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const opened = await handle.stat();
      if (!opened.isFile()) return { kind: 'unreadable', why: 'is not a regular file' };
      const buffer = Buffer.alloc(Math.min(maxBytes, Math.max(opened.size, 64 * 1024)) + 1);
      let length = 0;
      for (let read = 1; read > 0 && length < buffer.length; length += read) {
        ({ bytesRead: read } = await handle.read(buffer, length, buffer.length - length, length));
      }
      return length > maxBytes
        ? { kind: 'unreadable', why: 'is larger than 1 MiB' }
        : { kind: 'text', text: decoded(buffer.subarray(0, length)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unreadable', why: 'may not be read by this user' };
    return { kind: 'unreadable', why: `cannot be read (${String(code ?? error)})` };
  }
}

/** A file that is not UTF-8 is kept byte by byte, so that any change to it is seen. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text.replace(/^\u{FEFF}/u, '') : bytes.toString('latin1');
}
