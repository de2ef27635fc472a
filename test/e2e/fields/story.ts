import type Docker from 'dockerode';
import { execa } from 'execa';
import { createProject, type Project, type Ran } from '../../kit/project.ts';
import { createBeside, createOutsider } from './beside.ts';
import { stackText, type FieldJson, type FieldRow, type Look, type Version } from './field-row.ts';

export type Maker = 'stackctl' | 'compose';

/** What became of a stack: made, left unchanged, changed, and its fields taken out. */
export interface Story {
  readonly made: Chapter;
  readonly changed: Chapter;
  /** Not told of a stack that Compose made: by then most of its containers are made by stackctl. */
  readonly removed?: Chapter;
  /** Ids and start times before and after an apply that had nothing to do. */
  readonly untouched: readonly [before: unknown, after: unknown];
}

export interface Chapter {
  /** What the plan said before, by service. */
  readonly planned: Readonly<Record<string, readonly FieldJson[]>>;
  readonly applied: Ran;
  /** What `see` of each row saw afterwards, by service. */
  readonly seen: Readonly<Record<string, unknown>>;
  /** Container ids by service. */
  readonly ids: Readonly<Record<string, string>>;
  /** `plan --detailed-exitcode` afterwards. */
  readonly after: Ran;
}

export interface Telling {
  readonly rows: readonly FieldRow[];
  readonly top?: string;
  /** Files of the folder in each version. */
  readonly files?: (version: Version) => Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether there is a container "PROJECT-outsider". */
  readonly outsider?: true;
}

/** Makes a stack of all rows at once and walks it through its versions. */
export async function tell(maker: Maker, telling: Telling): Promise<Story> {
  await using project = await createProject();
  await using _beside = await createBeside(project);
  await using _outsider = telling.outsider ? await createOutsider(project) : undefined;
  await write(project, telling, 0);
  const made = await chapter(project, telling, () => bringUp(maker, project, telling));
  const before = await standing(project);
  await project.stackctl(['apply', '--yes'], options(telling));
  const untouched = [before, await standing(project)] as const;
  const changed = await changeTo(1, project, telling);
  return { made, untouched, changed, ...(maker === 'stackctl' && { removed: await changeTo(2, project, telling) }) };
}

export const bringUp = (maker: Maker, project: Project, { env = {} }: Pick<Telling, 'env'> = {}): Promise<Ran> =>
  maker === 'stackctl' ? project.stackctl(['apply', '--yes'], { env }) : compose(project, ['up', '-d'], env);

async function changeTo(version: Version, project: Project, telling: Telling): Promise<Chapter> {
  await write(project, telling, version);
  return chapter(project, telling, () => project.stackctl(['apply', '--yes'], options(telling)));
}

async function chapter(project: Project, telling: Telling, act: () => Promise<Ran>): Promise<Chapter> {
  const planned = await plannedFields(project, telling.env);
  const applied = await act();
  const after = await project.stackctl(['plan', '--detailed-exitcode'], options(telling));
  const looks = await looksOf(project);
  const entries = await Promise.all(
    telling.rows.map(async ({ name, see }) => {
      const look = looks[name];
      return [name, look ? settle(project, await Promise.resolve(see(look)).catch(String)) : 'there is no container'] as const;
    }),
  );
  const ids = Object.fromEntries(Object.entries(looks).map(([service, { Id }]) => [service, Id]));
  return { planned, applied, seen: Object.fromEntries(entries), ids, after };
}

async function write(project: Project, { rows, top = '', files }: Telling, version: Version): Promise<void> {
  const text = stackText(rows, version, top).replaceAll('PROJECT', project.name);
  const all = { 'compose.yaml': text, ...files?.(version) };
  await Promise.all(Object.entries(all).map(([file, content]) => project.write(file, content)));
}

/** What the plan says of each service. */
const plannedFields = async (project: Project, env: Telling['env']): Promise<Record<string, FieldJson[]>> =>
  Object.fromEntries(
    (await plannedChanges(project, env)).flatMap(({ service, fields }) => (service === undefined ? [] : [[service, fields] as const])),
  );

export interface ChangeJson {
  readonly verb: string;
  readonly cause: string;
  readonly name: string;
  readonly service?: string;
  readonly fields: FieldJson[];
}

/** The changes of `plan --json`, with the placeholders back in. */
export async function plannedChanges(project: Project, env: Telling['env'] = {}): Promise<readonly ChangeJson[]> {
  const { stdout, stderr } = await project.stackctl(['plan', '--json'], { env });
  const plan = JSON.parse(stdout === '' ? '{}' : stdout) as { readonly changes?: readonly ChangeJson[] };
  if (!plan.changes) throw new Error(`no plan:\n${stdout}\n${stderr}`);
  return settle(project, plan.changes) as readonly ChangeJson[];
}

/** Runs docker-compose on the same file and engine. */
export async function compose(project: Project, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { stdout: program } = await execa('test/engine/tools.sh', ['compose']);
  const { exitCode, stdout, stderr } = await execa(program, [...words], {
    cwd: project.folder,
    env: { COMPOSE_PROJECT_NAME: project.name, ...env },
    reject: false,
    timeout: 120_000,
  });
  return { exitCode, stdout, stderr };
}

/** Its first container of each service. */
export async function looksOf(project: Project): Promise<Record<string, Look>> {
  const containers = Object.values(await project.containers());
  return Object.fromEntries(
    containers.map((seen) => [seen.Config.Labels['com.docker.compose.service'] ?? '', lookInto(project.docker, seen)]),
  );
}

const lookInto = (docker: Docker, seen: Docker.ContainerInspectInfo): Look => ({
  ...seen,
  async inside(...words) {
    const exec = await docker.getContainer(seen.Id).exec({ Cmd: [...words], AttachStdout: true, AttachStderr: true, Tty: true });
    let text = '';
    for await (const piece of await exec.start({ Tty: true })) text += String(piece);
    return text.replaceAll('\r', '').trim();
  },
});

/** Who is there, and since when. */
export async function standing(project: Project): Promise<unknown> {
  const containers = Object.values(await project.containers());
  return Object.fromEntries(containers.map(({ Id, Name, State }) => [Name, [Id, State.StartedAt, State.Status]]));
}

/** The same of every project: names and folders as the rows have them. */
export const settle = (project: Project, value: unknown): unknown =>
  value === undefined
    ? undefined
    : (JSON.parse(JSON.stringify(value).replaceAll(project.folder, 'FOLDER').replaceAll(project.name, 'PROJECT')) as unknown);

const options = ({ env = {} }: Telling) => ({ env });
