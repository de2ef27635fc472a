import { dirname, resolve } from 'node:path';
import type { EngineChoice } from '../adapters/docker-connect.ts';
import { readConfig, type StackConfig } from '../config.ts';
import { toolSettings, type Setting, type ToolSettings } from '../config/tool-settings.ts';
import { present } from '../lib/present.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { StackRequest } from '../spec/read-stack.ts';
import { chooseEngine } from './choose-stack-engine.ts';
import { chooseFiles, type ChosenFiles } from './choose-stack-files.ts';
import { variablesOf } from './choose-stack-variables.ts';
import type { Invocation } from './command.ts';

/** All that is settled before a file of the stack is opened. */
export interface StackChoice {
  /** The vault's key is the caller's to make, or to take from a saved plan. */
  readonly stack: Omit<StackRequest, 'vaultKey'>;
  readonly engine: EngineChoice;
  readonly settings: ToolSettings;
  readonly warnings: readonly Problem[];
  /** Who chose what, for `config --settings`. */
  readonly chosen: ChosenSettings;
}

interface ChosenSettings {
  readonly files: Setting<readonly string[]>;
  readonly engine: Setting<EngineChoice>;
  /** Undefined: as the stack files say. */
  readonly projectName: Setting<string | undefined>;
  readonly projectDirectory: Setting<string>;
  readonly profiles: Setting<readonly string[]>;
  readonly envFiles: Setting<readonly string[]>;
}

type Call = Pick<Invocation, 'flags' | 'io'>;

/** Settles which files the stack is made of, which engine it is for and how we work, from flags, environment and stack.config.yaml. */
export async function chooseStack(call: Call): Promise<Result<StackChoice, readonly Problem[]>> {
  const { flags, io } = call;
  const config = await readConfig(io.cwd);
  if (!config.ok) return config;
  const settings = toolSettings({ flags, environment: io.environment, cwd: io.cwd, config: config.value });
  const folder = resolve(io.cwd, flags.projectDirectory ?? '.');
  const variables = await variablesOf({ envFiles: namedEnvFiles(call)?.value ?? [], folder }, io);
  const files = chooseFiles({ flags, cwd: io.cwd, folder, config: config.value, variables });
  const entry = files.ok ? files.value.entry : undefined;
  const engine = chooseEngine({ flags, environment: io.environment, entry, config: config.value });
  if (!settings.ok || !files.ok || !engine.ok) return fail([settings, files, engine].flatMap((each) => (each.ok ? [] : each.error)));
  const chosen = { files: files.value.files, engine: engine.value, ...(await surroundings(call, files.value, config.value)) };
  return ok({
    stack: requestOf(chosen, call),
    engine: engine.value.value,
    settings: settings.value,
    warnings: files.value.warnings,
    chosen,
  });
}

function requestOf(chosen: ChosenSettings, { flags, io }: Call): StackChoice['stack'] {
  return present({
    files: chosen.files.value,
    projectDirectory: flags.projectDirectory === undefined ? undefined : chosen.projectDirectory.value,
    projectName: flags.projectName,
    // The reader takes those of the environment itself
    profiles: chosen.profiles.by === 'environment' ? [] : chosen.profiles.value,
    envFiles: chosen.envFiles.value,
    environment: io.environment,
    cwd: io.cwd,
  });
}

type Surroundings = Pick<ChosenSettings, 'projectName' | 'projectDirectory' | 'profiles' | 'envFiles'>;

async function surroundings(call: Call, { files, entry }: ChosenFiles, config: StackConfig | undefined): Promise<Surroundings> {
  const { flags, io } = call;
  const inConfig = (key: string): string => config?.placeOf('stacks', entry?.name ?? '', key) ?? '';
  const ofEntry = <Value>(key: string, list: readonly Value[]): Setting<readonly Value[]> | undefined =>
    list.length > 0 ? { value: list, by: 'config', from: inConfig(key) } : undefined;
  const projectDirectory: Setting<string> =
    flags.projectDirectory === undefined
      ? { value: dirname(files.value[0] ?? io.cwd), by: 'built-in', from: 'the folder of the first file' }
      : { value: resolve(io.cwd, flags.projectDirectory), by: 'flag', from: '--project-directory' };
  const envFiles = namedEnvFiles(call) ?? ofEntry('env_files', entry?.envFiles ?? []) ?? { ...none, from: '.env, if it is there' };
  const variables = await variablesOf({ envFiles: envFiles.value, folder: projectDirectory.value }, io);
  const listed = variables('COMPOSE_PROFILES');
  const profiles: Setting<readonly string[]> =
    (flags.profile.length > 0 ? { value: flags.profile, by: 'flag', from: '--profile' } : undefined) ??
    (listed && { ...listed, value: listed.value.split(',').filter((name) => name !== '') }) ??
    ofEntry('profiles', entry?.profiles ?? []) ??
    none;
  const projectName: Setting<string | undefined> =
    flags.projectName === undefined
      ? (variables('COMPOSE_PROJECT_NAME') ?? { value: undefined, by: 'built-in', from: 'name: of the stack files, or their folder' })
      : { value: flags.projectName, by: 'flag', from: '--project-name' };
  return { projectName, projectDirectory, profiles, envFiles };
}

const none: Setting<readonly never[]> = { value: [], by: 'built-in', from: 'built in' };

function namedEnvFiles({ flags, io }: Call): Setting<readonly string[]> | undefined {
  const absolute = (paths: readonly string[]): string[] => paths.map((path) => resolve(io.cwd, path));
  if (flags.envFile.length > 0) return { value: absolute(flags.envFile), by: 'flag', from: '--env-file' };
  const listed = (io.environment['COMPOSE_ENV_FILES'] ?? '').split(',').filter((path) => path !== '');
  return listed.length > 0 ? { value: absolute(listed), by: 'environment', from: 'COMPOSE_ENV_FILES' } : undefined;
}
