import type { Project } from '../../kit/project.ts';

/**
 * The vector database of field report 000: it runs as a user of its own, and ends with 101 when a file in its folder is not its own, or
 * when the state file of a former run is there. Version 2 always ends so.
 */
export const databaseOf = ({
  options = '',
  version = 1,
}: { readonly options?: string; readonly version?: 1 | 2 } = {}): string => `services:
  qdrant:
    image: stackctl/busybox:1
    user: "1000:1000"
    restart: "no"
    environment: { VERSION: "${version}" }
    command:
      - busybox
      - sh
      - -c
      - |
        cd /qdrant/storage
        [ "$$VERSION" = 1 ] || { echo "panicked: unknown version"; exit 101; }
        [ ! -e raft_state.json ] || { echo "panicked: raft_state.json is of another peer"; exit 101; }
        for file in . * collections/*; do
          [ ! -e "$$file" ] || busybox touch -c "$$file" || { echo "panicked: permission denied: $$file"; exit 101; }
        done
        trap "exit 0" TERM
        while :; do busybox sleep 0.1; done
    volumes: ["data:/qdrant/storage"]
    stop_grace_period: 1s
volumes:
  data:
    x-stack: { ${options} }
`;

/** How the report found it: files of root, one that nobody but root may read, and the state of a former run. */
export const asReported =
  'cd /place; mkdir -p collections; echo 1 > collections/one; echo 2 > collections/two; echo "{}" > raft_state.json; chmod 600 collections/two; chmod 640 raft_state.json; busybox ln -s collections/one link';

/** Runs a script as root beside the volume "data" of a project. What it printed. */
export async function inVolume({ docker, name }: Project, script: string): Promise<string> {
  const container = await docker.createContainer({
    Image: 'stackctl/busybox:1',
    Cmd: ['busybox', 'sh', '-euc', script],
    HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: `${name}_data`, Target: '/place', VolumeOptions: noCopy }] },
    Tty: true,
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    const said = (await container.logs({ stdout: true, stderr: true })).toString().replaceAll('\r\n', '\n');
    if (StatusCode !== 0) throw new Error(`the script in the volume ended with ${StatusCode}: ${said}`);
    return said;
  } finally {
    await container.remove({ force: true });
  }
}

const noCopy = { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } };

/** All there is of the volume: owners, modes, contents. */
export const picture = (project: Project): Promise<string> =>
  inVolume(
    project,
    'cd /place; busybox find . | busybox sort | while read -r name; do busybox stat -c "%u:%g %f %s %N" "$name"; [ ! -f "$name" ] || busybox md5sum < "$name"; done',
  );

/** As an engine has it before stackctl ever saw it: a volume with the labels of Compose. */
export async function filledVolume(project: Project, script = asReported): Promise<void> {
  const Labels = { 'com.docker.compose.project': project.name, 'com.docker.compose.volume': 'data' };
  await project.docker.createVolume({ Name: `${project.name}_data`, Labels });
  await inVolume(project, script);
}

/** Everything of the project that is there, by name: containers with how they stand, volumes. */
export async function standing(project: Project): Promise<readonly string[]> {
  const filters = { label: [`com.docker.compose.project=${project.name}`] };
  const [containers, volumes] = [await project.containers(), await project.docker.listVolumes({ filters })];
  return [
    ...Object.values(containers).map(({ Name, Id, State }) => `${Name} ${Id.slice(0, 12)} ${State.Status}`),
    ...volumes.Volumes.map(({ Name }) => Name),
  ].sort();
}

/** The helper that the tests have: no registry may be asked. */
export const helper = { env: { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' } };
