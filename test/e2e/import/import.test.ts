import { cp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { root } from '../../stacks/stack-list.ts';
import { importAndPlan } from './import-and-plan.ts';

async function up(project: Project, ...more: readonly string[]): Promise<void> {
  const ran = await project.stackctl(['apply', '--yes', ...more]);
  if (ran.exitCode !== 0) throw new Error(`${ran.stdout}\n${ran.stderr}`);
}

it('the stack small plans empty after its import', async () => {
  await using project = await createProject();
  await cp(join(root, 'stacks/small'), project.folder, { recursive: true });
  await up(project);
  const { file, plan, code } = await importAndPlan(project);
  expect({ plan, code }, file).toEqual({ plan: 'No changes. The stack is as its files say.', code: 0 });
  expect(file).toContain('condition: service_healthy');
});

it('the stack demo plans empty after its import', async () => {
  await using project = await createProject();
  await cp(join(root, 'stacks/demo'), project.folder, { recursive: true });
  const text = await readFile(join(root, 'stacks/demo/compose.yaml'), 'utf8');
  await project.write('compose.yaml', text.replace('127.0.0.1:18080:80', '127.0.0.1::80'));
  await up(project);
  const { file, plan, code, said } = await importAndPlan(project);
  expect({ plan, code }, `${file}\n${said}`).toEqual({ plan: 'No changes. The stack is as its files say.', code: 0 });
});

const full = `
services:
  db:
    image: stackctl/busybox:1
    command: [sh, -c, "exec sleep 99999 # $$HOME"]
    init: true
    environment: { DB_PASSWORD: "it's \\\\ a \\"se$$cret\\"", PLAIN: "a $$b # c", URL: "http://me:pw@host/x" }
    labels: { note: "1", api_token: t0ken }
    volumes: [data:/data, /tmp:/host:ro]
    tmpfs: ["/run:size=1m,mode=1777"]
    networks: { default: { aliases: [store] }, side: }
    healthcheck: { test: "true && pidof sleep", interval: 20s, timeout: 3s, retries: 2, start_period: 10s }
    deploy: { resources: { limits: { cpus: 0.5, memory: 64m, pids: 50 } } }
    ulimits: { nofile: { soft: 1024, hard: 2048 } }
    cap_add: [NET_ADMIN]
    cap_drop: [MKNOD]
    extra_hosts: ["far:10.0.0.9"]
    dns: [127.0.0.1]
    shm_size: 32m
    hostname: store
    user: "0"
    working_dir: /tmp
    stop_grace_period: 1500ms
    stop_signal: SIGINT
    read_only: true
    restart: unless-stopped
    logging: { driver: json-file, options: { max-size: 1m } }
  shares:
    image: stackctl/busybox:1
    command: [sleep, "99999"]
    init: true
    network_mode: service:db
    depends_on: { db: { condition: service_healthy, restart: true } }
  many:
    image: stackctl/busybox:1
    command: [sleep, "99999"]
    init: true
    deploy: { replicas: 2 }
    ports: ["127.0.0.1::80", "53/udp"]
  named:
    image: stackctl/busybox:1
    container_name: \${COMPOSE_PROJECT_NAME}-its-own
    entrypoint: [sleep]
    command: ["99999"]
    init: true
    network_mode: none
networks:
  side: { internal: true }
volumes:
  data:
`;

it('a stack of many settings plans empty after its import, and its secrets stay in .env', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', full);
  await up(project);
  const { file, plan, code } = await importAndPlan(project);
  expect({ plan, code }, file).toEqual({ plan: 'No changes. The stack is as its files say.', code: 0 });
  expect(file).not.toMatch(/se\$\$cret|t0ken|pw@/);
  const env = join(project.folder, 'imported/.env');
  expect((await stat(env)).mode & 0o777).toBe(0o600);
  expect(await readFile(env, 'utf8')).toContain('t0ken');

  const printed = await project.stackctl(['import', '--container', `${project.name}-db-1`]);
  expect(printed.stdout).toContain('${DB_DB_PASSWORD}');
  expect(printed.stdout).not.toContain('many:');
  expect(printed.stderr).toContain('3 sensitive values left out');
  expect(`${printed.stdout}${printed.stderr}`).not.toMatch(/se\$+cret|t0ken|pw@/);
});

it('writes over nothing', async () => {
  await using project = await createProject();
  await project.write('compose.yaml', 'services: { web: { image: "stackctl/busybox:1", command: [sleep, "99999"], init: true } }');
  await up(project);
  const ran = await project.stackctl(['import', '--project', project.name, '--out', 'compose.yaml']);
  expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('compose.yaml is there already') });
});
