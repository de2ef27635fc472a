import { cp, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { fieldStacks, root } from '../../stacks/stack-list.ts';
import { importAndPlan } from './import-and-plan.ts';
import { standIns, type StandIns } from './stand-in.ts';

const socket = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');

/** What a service with a gate of its own serves on the network of the host. */
const served = new Map([
  ['local-ai/aidb', ['8091', '8791']],
  ['local-ai/hybrid-coordinator', ['8092']],
  ['local-ai/nixos-docs', ['8094']],
  ['ghcr.io/open-webui/open-webui', ['3001']],
]);

/** The stack as it is, but for what this machine lacks: its images, four CPUs, free ports, and patience with health checks. */
async function asItCanRunHere(text: string, images: StandIns): Promise<string> {
  let result = text;
  for (const [line, image = ''] of text.matchAll(/^ {4}image: (\S+)$/gm)) {
    const ports = served.get(image.split(/[@:]/)[0] ?? '') ?? [];
    result = result.replace(line, `    image: ${await images.image(...ports)}`);
  }
  return result
    .replace(/cpus: 4\b/g, 'cpus: 2')
    .replace(/(interval|start_period): \d+[sm]/g, '$1: 1s')
    .replace(/^( {6}- )(127\.0\.0\.1:)?[\w${}:-]+:(\d+)$/gm, (_all, dash: string, address = '', port: string) =>
      address === '' ? `${dash}"${port}"` : `${dash}${String(address)}:${port}`,
    )
    .replaceAll('- /var/run/docker.sock:', `- ${socket}:`);
}

async function upAsItCanRunHere(project: Project, file: string, images: StandIns): Promise<void> {
  await cp(join(root, dirname(file)), project.folder, { recursive: true });
  await project.write('compose.yaml', await asItCanRunHere(await readFile(join(root, file), 'utf8'), images));
  const env = { AI_STACK_DATA: join(project.folder, 'data'), HAL9000_HOME: join(project.folder, 'home'), PODMAN_SOCKET: socket };
  const ran = await project.stackctl(['apply', '--yes', '-f', 'compose.yaml'], { env });
  if (ran.exitCode !== 0) throw new Error(`${basename(file)}: ${ran.stdout}\n${ran.stderr}`);
}

it.each(fieldStacks)('the stack $name plans empty after its import', { timeout: 240_000 }, async ({ file }) => {
  await using project = await createProject();
  await using images = await standIns(project.docker, project.name);
  await upAsItCanRunHere(project, file, images);
  const { file: imported, plan, code, said } = await importAndPlan(project);
  expect({ plan, code }, `${imported}\n${said}`).toEqual({ plan: 'No changes. The stack is as its files say.', code: 0 });
});
