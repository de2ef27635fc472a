import { nearest } from '../lib/nearest.ts';
import { once } from '../lib/once.ts';
import { get, names, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { createVault, type Vault } from '../model/vault.ts';
import { carryingOut } from './carrying-out.ts';
import { checkRun } from './check-run.ts';
import { contentFilesOf, missingContents } from './check-contents.ts';
import { checkReferences } from './check-references.ts';
import { activeStack, completeStack, withOnlyLabelsOfFiles, type Active, type Complete } from './complete.ts';
import { configModel, writtenModel } from './config-model.ts';
import type { Declared } from './declared.ts';
import { envFilesOf, envFileVariables, labelFileLabels } from './env-files.ts';
import { createFindings, isError, problemsOf, type Finding, type Report } from './finding.ts';
import { stackForm } from './form-stack.ts';
import { hiddenLines } from './hidden-lines.ts';
import type { Lookup } from './interpolate.ts';
import { loadModel } from './load-model.ts';
import { child, markAt, plainOf, textOf, type MapNode, type Node } from './node.ts';
import { normalised } from './normalise.ts';
import { placesOf } from './places.ts';
import { readFiles, readNamedFile } from './read-files.ts';
import { readSources, type Sources } from './read-sources.ts';
import { resolveStack } from './resolve-stack.ts';
import { writtenYaml, yamlModel } from './yaml-model.ts';

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
  /** Only these services and what they depend on; all if absent. */
  readonly selected?: readonly string[];
  /** False: variables stay as they are written, which only `readWritten` can do. */
  readonly interpolate?: boolean;
}

export interface Stack {
  readonly desired: Desired;
  /** All that the files declare, in normal form, with inactive services and what nothing uses. Holds sensitive values. */
  readonly declared: Declared;
  readonly vault: Vault;
  readonly warnings: readonly Problem[];
  /**
   * What keeps a run from being carried out: files that this machine lacks, such as that of a secret, and keys that this version does
   * not act on. Errors for all but printing the model.
   */
  readonly missing: readonly Problem[];
  /** The resolved stack as plain data, in the form that `docker compose config` prints. Holds sensitive values. */
  readonly model: ByName<unknown>;
  /** The same as it prints it in YAML, where extensions stand. */
  readonly yaml: ByName<unknown>;
  /** The active services as the reference hashes them: with what their label_files say and without what their env_files do. */
  readonly services: ReadonlyMap<string, Node>;
  /** What variables were taken from: the environment over the .env files. Holds sensitive values. */
  readonly variables: ByName<string>;
  /** The active profiles. */
  readonly profiles: readonly string[];
  /** All profiles that a service names, sorted. */
  readonly knownProfiles: readonly string[];
}

/**
 * Reads stack files and all that they name, and resolves them. The error holds every problem that was found, warnings among them.
 * Reads regular files only, at most 1 MiB each.
 */
export async function readStack(request: StackRequest): Promise<Result<Stack, readonly Problem[]>> {
  const { findings, report } = createFindings();
  const sources = await readSources(request, report);
  const written = await loadModel(request.files, sources.loading);
  if (!written) return refuse(findings, { request });
  const model = normalised(written, { stack: sources.stack, lookup: sources.loading.lookup });
  const root = stackForm(model, { report });
  return resolveRead({ request, sources, written: model, root, findings, report });
}

/** The merged files as plain data, with their variables as they are written, as each form prints them. */
export interface Written {
  readonly json: ByName<unknown>;
  readonly yaml: ByName<unknown>;
}

/** The merged files with their variables as they are written, and what is wrong with them. */
export async function readWritten(request: StackRequest): Promise<Result<Written, readonly Problem[]>> {
  const { findings, report } = createFindings();
  const sources = await readSources({ ...request, interpolate: false }, report);
  const written = await loadModel(request.files, sources.loading);
  if (!written || findings.some(isError)) return refuse(findings, { request, root: written });
  // Like the reference, which knows one variable even here
  const lookup: Lookup = (name) => (name === 'COMPOSE_PROJECT_NAME' ? sources.stack : undefined);
  const root = normalised(written, { stack: sources.stack, lookup });
  return ok({ json: writtenModel(root), yaml: writtenYaml(root) });
}

interface Reading {
  readonly request: StackRequest;
  readonly sources: Sources;
  readonly written: MapNode;
  /** The whole stack with every value in its form. */
  readonly root: MapNode;
  readonly findings: readonly Finding[];
  readonly report: Report;
}

async function resolveRead(reading: Reading): Promise<Result<Stack, readonly Problem[]>> {
  const { request, sources, root, findings } = reading;
  // The schema and the forms have made sure of these types.
  const declared = plainOf(root) as Declared;
  const profiles = profilesOf(request, sources.variables);
  const active = await activate(declared, profiles, reading);
  const stack = completeStack(active, { root, declared }, sources.stack);
  checkAll(declared, stack, reading);
  const markOf = (...path: readonly string[]) => markAt(root, path);
  const notes = [...carryingOut(active.root), ...checkRun(stack, markOf)];
  if (findings.some(isError)) notes.filter(isError).forEach(reading.report);
  if (!sources.loading.state.whole || findings.some(isError)) return refuse(findings, reading);
  const { directory, lookup } = sources.loading;
  const files = await readFiles(contentFilesOf({ stack, directory, lookup }));
  const vault = vaultOf(reading);
  // A vault of its own: the lines it is asked about are not values.
  const hides = hiddenLines(vaultOf(reading));
  const { shown } = sources;
  const desired = once(() => {
    const places = placesOf(root, stack, hides);
    return resolveStack({ stack, directory, files, vault, lookup, stackFiles: request.files, places });
  });
  return ok({
    get desired() {
      return desired();
    },
    declared,
    vault,
    warnings: problemsOf([...findings, ...notes.filter((note) => !isError(note))], hides),
    missing: problemsOf([...missingContents({ stack, directory, files, markOf, shown, lookup }), ...notes.filter(isError)], hides),
    get model() {
      return configModel(active.root, reading.written);
    },
    get yaml() {
      return yamlModel(configModel(active.root, reading.written), reading.written);
    },
    services: new Map(names(stack.services).map((name) => [name, withOnlyLabelsOfFiles(name, root, active.root)] as const)),
    variables: sources.variables,
    profiles,
    knownProfiles: [...new Set(Object.values(declared.services ?? {}).flatMap((service) => service.profiles ?? []))].sort(),
  });
}

const profilesOf = ({ profiles }: StackRequest, variables: ByName<string>): readonly string[] =>
  profiles.length > 0 ? profiles : (get(variables, 'COMPOSE_PROFILES') ?? '').split(',').filter((name) => name !== '');

function reportUnknown(selected: readonly string[], { services = {} }: Declared, report: Report): void {
  for (const name of selected.filter((each) => get(services, each) === undefined)) {
    const near = nearest(name, Object.keys(services));
    const hint = near === undefined ? undefined : `did you mean "${near}"?`;
    report({ code: 'undefined-service', message: `there is no service "${name}"`, hint });
  }
}

async function activate(declared: Declared, profiles: readonly string[], { request, sources, root, report }: Reading): Promise<Active> {
  const { loading, shown, stack } = sources;
  reportUnknown(request.selected ?? [], declared, report);
  const files = await readFiles(envFilesOf(declared), readNamedFile);
  const markOf = (...path: readonly string[]) => markAt(root, path);
  const reading = { declared, files, lookup: loading.lookup, markOf, shown, report };
  return activeStack(root, {
    stack,
    profiles,
    selected: request.selected ?? [],
    fileVariables: (name) => envFileVariables(name, reading),
    fileLabels: (name) => labelFileLabels(name, reading),
  });
}

function checkAll(declared: Declared, stack: Complete, { sources, root, findings, report }: Reading): void {
  const { whole, named } = sources.loading.state;
  if (!named) return;
  // Beside other faults only what is surely missing is told: the rest may be missing because of them.
  const isSure = ({ code }: Finding) => code.startsWith('undefined-') || code === 'dependency-cycle';
  const early = !whole || findings.some(isError);
  checkReferences({
    declared,
    stack,
    markOf: (...path) => markAt(root, path),
    report: early ? (finding) => void (isSure(finding) && report(finding)) : report,
  });
}

interface Refusing {
  readonly request: StackRequest;
  readonly root?: MapNode | undefined;
}

const refuse = (findings: readonly Finding[], refusing: Refusing): Result<never, readonly Problem[]> =>
  fail(problemsOf(findings, hiddenLines(vaultOf(refusing))));

function vaultOf({ request, root }: Refusing): Vault {
  const sensitive = root && child(child(root, 'x-stack'), 'sensitive');
  return createVault(request.vaultKey, sensitive?.kind === 'list' ? sensitive.items.map(textOf) : []);
}
