import { randomBytes } from 'node:crypto';
import { importStack, innerPaths } from '../import/import-stack.ts';
import type { ImportedStack } from '../import/imported.ts';
import { anySignal } from '../lib/any-signal.ts';
import { fromEntries, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { isLost } from '../model/text.ts';
import { createVault } from '../model/vault.ts';
import type { ImportableContainer, ImportReader } from '../platform/importable.ts';
import type { Json } from '../render/plan-json.ts';
import { countText } from '../render/count-text.ts';
import { sanitize } from '../render/sanitize.ts';
import { chooseEngine } from './choose-stack-engine.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { chooseImport, type Chosen } from './import-choice.ts';
import { writeImport } from './import-files.ts';
import { refuse } from './screen.ts';

const lookMs = 60_000;

/** Writes a stack file for what is running, such that a plan of it is empty. Changes nothing on the engine. */
export async function runImport(invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const found = await readEngine(invocation);
  if (!found.ok) return refuse(found.error, invocation);
  const { imported, chosen, open } = found.value;
  const { stringify } = await import('yaml');
  const text = `${header(chosen)}${stringify(imported.file, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`;
  const sensitive = Object.entries(imported.variables);
  if (!flags.json) io.stderr.write(imported.notes.map((note) => `warning: ${sanitize(note)}\n`).join(''));
  if (flags.importOut === undefined) {
    if (flags.json) return printJson({ stack_file: imported.file as Json }, imported, invocation);
    io.stdout.write(io.stdout.isTTY ? sanitize(text, 'block') : text);
    if (sensitive.length > 0) io.stderr.write(leftOut(sensitive.map(([name]) => name)));
    return 0;
  }
  const variables = fromEntries(sensitive.flatMap(([name, value]) => (isLost(value) ? [] : [[name, open(value)] as const])));
  const written = await writeImport({ path: flags.importOut, text, variables }, io);
  if (!written.ok) return refuse(written.error, invocation);
  if (flags.json) return printJson({ written: written.value }, imported, invocation);
  io.stderr.write(`Wrote ${written.value.map((each) => sanitize(each)).join(' and ')}. Nothing on the engine was touched.\n`);
  return 0;
}

async function printJson(
  result: { readonly [key: string]: Json },
  { variables, notes }: ImportedStack,
  { io }: Invocation,
): Promise<ExitCode> {
  const { jsonText } = await import('../render/json-text.ts');
  io.stdout.write(`${jsonText({ format_version: '1.0', ...result, variables: names(variables), notes }, 2)}\n`);
  return 0;
}

const leftOut = (all: readonly string[]): string =>
  `note: ${countText(all.length, 'sensitive value')} left out and written as a variable: ${all.map((name) => sanitize(name)).join(', ')}; ` +
  `with --out FILE they go to .env beside it, which only you may read\n`;

const header = ({ stack, service }: Chosen): string =>
  `# Written by stackctl import from ${service === undefined ? `the stack ${stack}` : `the service ${service} of the stack ${stack}`}.\n`;

interface Found {
  readonly imported: ImportedStack;
  readonly chosen: Chosen;
  readonly open: ReturnType<typeof createVault>['open'];
}

async function readEngine({ flags, io, cancel }: Invocation): Promise<Result<Found, readonly Problem[]>> {
  const engine = chooseEngine({ flags, environment: io.environment, entry: undefined, config: undefined });
  if (!engine.ok) return engine;
  const [{ dockerConnection }, { dockerImportReader }] = await Promise.all([
    import('../adapters/docker-connect.ts'),
    import('../adapters/docker-import.ts'),
  ]);
  const connection = await dockerConnection(engine.value.value, io.environment);
  if (!connection.ok) return connection;
  const vault = createVault(randomBytes(16).toString('hex'));
  const reader = dockerImportReader(connection.value, vault);
  const signal = anySignal([cancel, AbortSignal.timeout(lookMs)]);
  try {
    const containers = await reader.containers(signal);
    const chosen = chooseImport(flags, containers);
    if (!chosen.ok) return chosen;
    const { stack, service } = chosen.value;
    const observed = await reader.stack(stack, signal);
    const services = service === undefined ? [] : [service];
    const inside = await insideOf(reader, observed, signal);
    const dependencies = dependenciesOf(stack, containers);
    const imported = importStack({ stack, observed, services, inside, dependencies, textOf: vault.text });
    return ok({ imported, chosen: chosen.value, open: vault.open });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

/** What was put into each container, read side by side. */
async function insideOf(reader: ImportReader, { containers }: Observed, signal: AbortSignal) {
  const all = Object.values(containers).map(
    async (each) => [each.name, await reader.filesInside(each.id, innerPaths(each), signal)] as const,
  );
  return fromEntries(await Promise.all(all));
}

const dependenciesOf = (stack: string, containers: readonly ImportableContainer[]) =>
  fromEntries(
    containers.flatMap((each) => (each.stack === stack && each.service !== undefined ? [[each.service, each.dependsOn] as const] : [])),
  );
