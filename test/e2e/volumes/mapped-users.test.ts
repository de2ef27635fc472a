import { access, chmod, chown, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrivateEngine } from '../../kit/private-engine.ts';
import { createProject, type Project } from '../../kit/project.ts';
import { treeProgram } from '../../kit/tree-program.ts';
import { inHelper, listing } from './in-helper.ts';
import { helper, inVolume } from './vector-database.ts';

/** A database that ends with 101 beside a stale file, and needs its folders to be its own. */
const stackOf = ({ folder = './folder', owner = '1000:1000', more = '' } = {}): string => `services:
  db:
    image: stackctl/busybox:1
    user: "1000:1000"
    network_mode: none
    init: true
    command: [sh, -c, '[ ! -e /data/stale ] || exit 101; touch /data/log /folder/one || exit 101; sleep 99999']
    volumes:
      - data:/data
      - tree:/tree
      - { type: bind, source: ${folder}, target: /folder, x-stack: { owner: "${owner}", on_drift: fix } }
    x-stack: { ready: [{ stable: 100ms }], timeout: { ready: 10s } }
${more}
volumes:
  data:
    x-stack: { owner: image-user, mode: "u=rwX,go=", on_drift: fix, remove_before_start: [stale] }
  tree:
`;

const kinds = [
  { kind: 'an engine that maps users', isRootless: false },
  { kind: 'a rootless engine', isRootless: true },
] as const;

const hasRootless = await Promise.all(['/usr/bin/rootlesskit', '/usr/bin/newuidmap'].map((file) => access(file))).then(
  () => true,
  () => false,
);
if (!hasRootless) console.warn("no rootless engine was tried: Debian's rootlesskit and uidmap are missing");

test.each(kinds.filter(({ isRootless }) => hasRootless || !isRootless))(
  'in volumes and folders of $kind the ids are those that its containers see',
  async ({ isRootless }) => {
    await using engine = await startedEngine(isRootless);
    await using project = await createProject(engine.dockerHost);
    const ids = await idsOfHost(isRootless);
    const folder = join(project.folder, 'folder');
    await chmod(project.folder, 0o755); // an engine without root's rights has to find it
    await mkdir(folder);
    await chown(folder, ...ids.root);
    await project.write('compose.yaml', stackOf());

    await succeeds(project, 'apply --yes');
    expect(await lstat(folder)).toMatchObject({ uid: ids.user, gid: ids.user });
    await inVolume(project, 'cd /place; echo x > stale; chown 0:0 log; chmod 666 log');
    expect((await project.stackctl(['plan'], helper)).stdout).toContain('because 2 of 3 entries differ, such as log and stale');
    await succeeds(project, 'apply --yes');
    expect(await inVolume(project, 'cd /place; busybox stat -c "%u:%g %a %n" . *')).toBe('1000:1000 700 .\n1000:1000 600 log\n');

    const tree = `${project.name}_tree`;
    await inHelper(project.docker, tree, ['perl', '-e', treeProgram, '50']);
    const before = await listing(project.docker, tree);
    expect(before).toMatch(/^1000:2000 .* \.\/owned /m);
    await succeeds(project, 'volume backup tree --yes');
    await succeeds(project, 'volume verify');
    await inHelper(project.docker, tree, ['sh', '-c', 'rm -rf /volume/many; chown -R 7:7 /volume']);
    await succeeds(project, 'volume restore tree --yes');
    expect(await listing(project.docker, tree)).toBe(before);
    await succeeds(project, `volume restore tree --yes --to ${project.name}_copy`);
    expect(await listing(project.docker, `${project.name}_copy`)).toBe(before);
    await succeeds(project, 'plan --detailed-exitcode');
    await refusesStrangers(project);
    if (!isRootless) await keepsIdsOfHost(project);
  },
  120_000,
);

/** Files of somebody whom no container can name are nobody's to change; what is asked for must be somebody. */
async function refusesStrangers(project: Project): Promise<void> {
  const folder = join(project.folder, 'strange');
  await mkdir(folder);
  await writeFile(join(folder, 'one'), 'of root on the host');
  await project.write('compose.yaml', stackOf({ folder: './strange' }));
  const foreign = await project.stackctl(['apply', '--yes'], helper);
  expect(foreign).toMatchObject({ exitCode: 1 });
  expect(foreign.stdout + foreign.stderr).toMatch(/one belongs to somebody whom this engine's containers do not know/);
  expect(await lstat(folder)).toMatchObject({ uid: 0, gid: 0 });
  await project.write('compose.yaml', stackOf({ owner: '70000:70000' }));
  const unknown = await project.stackctl(['apply', '--yes'], helper);
  expect(unknown).toMatchObject({ exitCode: 1 });
  expect(unknown.stdout + unknown.stderr).toMatch(/there is no user 70000 in this engine's containers/);
}

/** A service that is exempt from the mapping has the ids of the host, in a backup and its restore too. */
async function keepsIdsOfHost(project: Project): Promise<void> {
  const exempt = (await readFile(join(project.folder, 'compose.yaml'), 'utf8'))
    .replaceAll('70000:70000', '1000:1000')
    .replace('network_mode: none', 'network_mode: none\n    userns_mode: host');
  await project.stackctl(
    ['down', '--yes', '--volumes', ...['data', 'tree'].flatMap((name) => ['--allow-destroy', `volume/${name}`])],
    helper,
  );
  await chown(join(project.folder, 'folder'), 1000, 1000);
  await project.write('compose.yaml', exempt);
  await succeeds(project, 'apply --yes');
  const onHost = async (name: string): Promise<number> => {
    const { Mountpoint } = await project.docker.getVolume(`${project.name}_${name}`).inspect();
    return (await lstat(Mountpoint)).uid;
  };
  expect(await onHost('data')).toBe(1000);
  await succeeds(project, 'volume backup data --yes');
  await succeeds(project, 'volume restore data --yes');
  expect(await onHost('data')).toBe(1000);
  await succeeds(project, `volume restore data --yes --to ${project.name}_second`);
  expect(await onHost('second')).toBe(1000);
}

async function startedEngine(isRootless: boolean) {
  if (isRootless && !(await hasUser())) await (await startPrivateEngine({ more: [mapped], images: [] })).stop();
  const engine = await startPrivateEngine({ ...(isRootless ? { isRootless } : { more: [mapped] }), images: ['busybox', 'helper'] });
  return { dockerHost: engine.dockerHost, [Symbol.asyncDispose]: () => engine.stop() };
}

/** It also makes the user dockremap, where there is none yet. */
const mapped = '--userns-remap=default';
const hasUser = async (): Promise<boolean> => (await readFile('/etc/subuid', 'utf8')).includes('dockremap:');

/** What the host calls the users 0 and 1000 of containers: the range of /etc/subuid, and before it, without root's rights, who runs the engine. */
async function idsOfHost(isRootless: boolean): Promise<{ readonly root: [uid: number, gid: number]; readonly user: number }> {
  const first = Number(/^dockremap:(\d+):/m.exec(await readFile('/etc/subuid', 'utf8'))?.[1]);
  const own = /^dockremap:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'));
  return isRootless ? { root: [Number(own?.[1]), Number(own?.[2])], user: first + 999 } : { root: [first, first], user: first + 1000 };
}

async function succeeds(project: Project, words: string): Promise<void> {
  const ran = await project.stackctl(words.split(' '), helper);
  expect(ran.exitCode, `${words}: ${ran.stdout}${ran.stderr}`).toBe(0);
}
