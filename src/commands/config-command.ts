import { randomBytes } from 'node:crypto';
import { names, type ByName } from '../lib/record.ts';
import { sanitize } from '../render/sanitize.ts';
import { problemsText } from '../render/problems-text.ts';
import { configHashes } from '../spec/config-hash.ts';
import { jsonForm } from '../spec/config-model.ts';
import { readStack, readWritten, type Stack, type StackRequest } from '../spec/read-stack.ts';
import { chooseStack } from './choose-stack.ts';
import type { ExitCode, Invocation } from './command.ts';
import { settingsJson, settingsText } from './config-command-settings.ts';
import type { FlagValues } from './flags.ts';
import { refuse, styleOf } from './screen.ts';

/** Prints the resolved stack, one kind of its names, or the settings. */
export async function runConfig(invocation: Invocation): Promise<ExitCode> {
  const { flags, io } = invocation;
  const choice = await chooseStack(invocation);
  if (!choice.ok) return refuse(choice.error, invocation);
  if (flags.settings) {
    io.stdout.write(flags.json || flags.format === 'json' ? settingsJson(choice.value) : settingsText(choice.value));
    return 0;
  }
  const request = { ...choice.value.stack, selected: invocation.positionals, vaultKey: randomBytes(16).toString('hex') };
  if (flags.noInterpolate) return writeWritten(request, invocation);
  const read = await readStack(request);
  if (!read.ok) return refuse(read.error, invocation);
  const { warnings, missing } = read.value;
  // The model is whole without the files that only a run needs
  const told = [...choice.value.warnings, ...warnings, ...missing].map((problem) => ({ ...problem, severity: 'warning' as const }));
  if (!flags.json) io.stderr.write(problemsText(told, { style: styleOf(invocation, io.stderr) }));
  if (!flags.quiet)
    io.stdout.write(
      listText(read.value, flags) ?? (await modelText(isJson(flags) ? jsonForm(read.value.model) : read.value.yaml, invocation)),
    );
  return 0;
}

/** The stack as it is written: without values, nothing can be told of what it needs. */
async function writeWritten(request: StackRequest, invocation: Invocation): Promise<ExitCode> {
  const read = await readWritten(request);
  if (!read.ok) return refuse(read.error, invocation);
  const { flags, io } = invocation;
  if (!flags.quiet) io.stdout.write(await modelText(isJson(flags) ? read.value.json : read.value.yaml, invocation));
  return 0;
}

const isJson = ({ json, format }: FlagValues): boolean => json || format === 'json';

async function modelText(model: ByName<unknown>, { flags, io }: Invocation): Promise<string> {
  if (isJson(flags)) return `${JSON.stringify(model, undefined, 2)}\n`;
  const { yamlText } = await import('./yaml-text.ts');
  const text = yamlText(model);
  return io.stdout.isTTY ? sanitize(text, 'block') : text;
}

/** One name a line, if a flag asks for names; variables and hashes likewise. */
function listText({ model, knownProfiles, variables, services: nodes }: Stack, flags: FlagValues): string | undefined {
  const services = model['services'] as ByName<{ readonly image?: string }>;
  const keysOf = (section: string): string[] => names((model[section] ?? {}) as ByName<unknown>);
  const imageOf = (name: string): string => services[name]?.image ?? `${String(model['name'])}-${name}`;
  const lists: readonly (readonly [boolean, () => readonly string[]])[] = [
    [flags.listServices, () => keysOf('services')],
    [flags.listImages, () => [...new Set(names(services).map(imageOf))].sort()],
    [flags.listNetworks, () => keysOf('networks')],
    [flags.listVolumes, () => keysOf('volumes')],
    [flags.listProfiles, () => knownProfiles],
    [flags.listEnvironment, () => variableLines({ ...variables, COMPOSE_PROJECT_NAME: String(model['name']) })],
    [flags.hash !== undefined, () => hashLines(nodes, flags.hash ?? '')],
  ];
  const asked = lists.filter(([isAsked]) => isAsked);
  return asked.length === 0 ? undefined : asked.flatMap(([, list]) => list().map((line) => `${sanitize(line)}\n`)).join('');
}

const variableLines = (variables: ByName<string>): string[] => names(variables).map((name) => `${name}=${variables[name] ?? ''}`);

function hashLines(services: Stack['services'], wanted: string): string[] {
  const hashes = configHashes(services);
  const isWanted = (name: string) => wanted === '*' || wanted.split(',').includes(name);
  return names(hashes).flatMap((name) => (isWanted(name) ? [`${name} ${hashes[name] ?? ''}`] : []));
}
