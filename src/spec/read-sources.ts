import { dirname, relative, resolve } from 'node:path';
import { get, type ByName } from '../lib/record.ts';
import { readDotenv } from './dotenv.ts';
import type { FileAnswer } from './file-answer.ts';
import type { Report } from './finding.ts';
import { impliedEnvFile, impliedVariables } from './implied-env-file.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import type { Documents, Loading } from './loading.ts';
import { createSource, type Mark, type Source } from './mark.ts';
import { child, type MapNode } from './node.ts';
import { parseDocuments } from './parse-yaml.ts';
import { isRegularFile, readNamedFile } from './read-files.ts';
import type { StackRequest } from './read-stack.ts';
import { stackNameOf } from './stack-name.ts';

/** All that is known before the stack files are put together. */
export interface Sources {
  readonly loading: Loading;
  /** The environment over the .env files. */
  readonly variables: ByName<string>;
  readonly stack: string;
  /** How people call a path. */
  readonly shown: (path: string) => string;
}

/** Reads the .env files and the stack files, and finds the name of the stack, which variables may ask for. */
export async function readSources(request: StackRequest, report: Report): Promise<Sources> {
  const shown = (path: string) => shownPath(request.cwd, path);
  const directory = request.projectDirectory ?? dirname(request.files[0] ?? resolve(request.cwd, 'compose.yaml'));
  const open = opener(shown, report);
  const variables = { ...(await dotenvVariables(request, { directory, open, report })), ...request.environment };
  const documents = documentsFrom(open, report);
  const outside = (name: string) => get(variables, name);
  const stack = await nameOf({ request, directory, documents, lookup: outside }, report);
  const lookup: Lookup = (name) => (name === 'COMPOSE_PROJECT_NAME' ? stack : outside(name));
  const home = get(request.environment, 'HOME') ?? '/';
  const state = { whole: true, named: true, written: { ports: 0 } };
  const raw = request.interpolate === false;
  return {
    loading: { report, directory, home, lookup, raw, open, exists: isRegularFile, documents, including: [], state },
    variables,
    stack,
    shown,
  };
}

type Open = Loading['open'];

/** Each file is read once, and what is wrong with it told once. */
function opener(shown: (path: string) => string, report: Report): Open {
  const answers = new Map<string, Promise<FileAnswer>>();
  const sources = new Map<string, Source>();
  return async (path, mark) => {
    const reading = answers.get(path) ?? readNamedFile(path);
    answers.set(path, reading);
    const answer = await reading;
    if (answer.kind === 'text') {
      const source = sources.get(path) ?? createSource(shown(path), answer.text);
      sources.set(path, source);
      return source;
    }
    const message = `${shown(path)} ${answer.kind === 'missing' ? 'does not exist' : answer.why}`;
    report({ code: `file-${answer.kind}`, message, mark });
    return undefined;
  };
}

function documentsFrom(open: Open, report: Report): Loading['documents'] {
  const parsed = new Map<string, Documents | undefined>();
  return async (path, mark: Mark | undefined) => {
    if (parsed.has(path)) return parsed.get(path);
    const source = await open(path, mark);
    const roots = source && parseDocuments(source, report);
    const documents = source && roots ? { source, roots } : undefined;
    parsed.set(path, documents);
    return documents;
  };
}

interface Dotenv {
  readonly directory: string;
  readonly open: Open;
  readonly report: Report;
}

async function dotenvVariables(request: StackRequest, dotenv: Dotenv): Promise<ByName<string>> {
  const { envFiles, environment } = request;
  if (envFiles.length > 0) return Object.fromEntries(await variablesIn(envFiles, environment, dotenv));
  const { directory, report } = dotenv;
  const implied = impliedEnvFile(directory, environment);
  if (!implied.ok) report(implied.error);
  const path = implied.ok ? implied.value : undefined;
  if (path === undefined || !(await isRegularFile(path))) return {};
  const counted = impliedVariables(await variablesIn([path], environment, dotenv), environment);
  if (!counted.ok) report(counted.error);
  return counted.ok ? Object.fromEntries(counted.value) : {};
}

/** A later file wins. */
async function variablesIn(
  files: readonly string[],
  environment: ByName<string>,
  { open, report }: Dotenv,
): Promise<ReadonlyMap<string, string>> {
  const variables = new Map<string, string>();
  const outside = (name: string) => get(environment, name);
  for (const path of files) {
    const source = await open(path);
    const read = source && readDotenv({ source, outside, last: (name) => variables.get(name) }, report);
    for (const [name, value] of read ?? []) variables.set(name, value);
  }
  return variables;
}

interface Naming {
  readonly request: StackRequest;
  readonly directory: string;
  readonly documents: Loading['documents'];
  readonly lookup: Lookup;
}

async function nameOf({ request, directory, documents, lookup }: Naming, report: Report): Promise<string> {
  const files = await Promise.all(request.files.map((path) => documents(path)));
  const roots = files.flatMap((file) => file?.roots ?? []);
  const declared = declaredName(roots, request.interpolate === false ? undefined : lookup);
  const name = stackNameOf({ asked: request.projectName ?? lookup('COMPOSE_PROJECT_NAME'), declared, directory });
  if (typeof name === 'string') return name;
  report(name);
  return 'unnamed';
}

/** The last file that says `name` wins. */
function declaredName(roots: readonly MapNode[], lookup: Lookup | undefined): string | undefined {
  return roots.reduce<string | undefined>((before, root) => {
    const node = child(root, 'name');
    if (node?.kind !== 'scalar' || node.text === '') return before;
    const text = lookup ? interpolate(node.text, lookup) : undefined;
    if (!text) return node.text;
    return text.ok ? text.value.text : before;
  }, undefined);
}

function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
