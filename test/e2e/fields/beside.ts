import type Docker from 'dockerode';
import type { Project } from '../../kit/project.ts';

/** What the image "PROJECT-rich:1" brings along, so that something is there to come back when a field is taken out. */
const richImage = [
  'FROM stackctl/busybox:1',
  'ENTRYPOINT ["/bin/busybox"]',
  'CMD ["sleep", "90000"]',
  'ENV FROM_IMAGE=yes',
  'LABEL from.image=yes',
  'USER 65534',
  'WORKDIR /srv',
  'STOPSIGNAL SIGINT',
  'HEALTHCHECK --interval=5m --timeout=7s CMD ["true"]',
];

/** A container "PROJECT-outsider" that is of no stack, with something to share; gives a way to take it away again. */
export async function createOutsider({ docker, name }: Project): Promise<AsyncDisposable & { readonly id: string }> {
  const container = await docker.createContainer({
    name: `${name}-outsider`,
    Image: 'stackctl/busybox:1',
    Cmd: ['sleep', '99999'],
    Volumes: { '/outer': {} },
    HostConfig: { IpcMode: 'shareable' },
  });
  await container.start();
  return {
    id: container.id,
    async [Symbol.asyncDispose]() {
      await removeUsers(docker, name);
      // Unless the test did
      const left = await docker.listContainers({ all: true, filters: { id: [container.id] } });
      if (left.length > 0) await container.remove({ force: true, v: true });
    },
  };
}

/** Makes what is not the stack's own, and takes it away again: a network and a volume "PROJECT-outside", an image "PROJECT-rich:1", and a tag "PROJECT-moving:1". */
export async function createBeside(project: Project): Promise<AsyncDisposable> {
  const { docker, name, folder } = project;
  const outside = { Name: `${name}-outside`, Labels: { 'stackctl.test': name } };
  const network = await docker.createNetwork(outside);
  await docker.createVolume(outside);
  const tag = `${name}-rich:1`;
  await project.write('rich/Dockerfile', richImage.join('\n'));
  const build = await docker.buildImage({ context: `${folder}/rich`, src: ['Dockerfile'] }, { t: tag });
  await new Promise((done, failed) => docker.modem.followProgress(build, (error, steps) => (error ? failed(error) : done(steps))));
  await docker.getImage('stackctl/busybox:1').tag({ repo: `${name}-moving`, tag: '1' });
  return {
    async [Symbol.asyncDispose]() {
      await removeUsers(docker, name);
      await network.remove();
      await docker.getVolume(outside.Name).remove();
      await Promise.all([tag, `${name}-moving:1`].map((image) => docker.getImage(image).remove()));
    },
  };
}

async function removeUsers(docker: Docker, name: string): Promise<void> {
  const users = await docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${name}`] } });
  await Promise.all(users.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
}
