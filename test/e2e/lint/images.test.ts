import { expect, it } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { createRig } from '../bad-days/rig.ts';

const limits = 'restart: always, deploy: { resources: { limits: { memory: 64m } } }';
const service = (test: string, image = 'stackctl/busybox:1'): string => `{ image: "${image}", ${limits}, healthcheck: { test: ${test} } }`;

/** What lint says of these services: rule and message. */
async function lint(project: Project, services: Record<string, string>): Promise<{ found: string[]; notes: string[] }> {
  const lines = Object.entries(services).map(([name, text]) => `  ${name}: ${text}`);
  await project.write('compose.yaml', ['services:', ...lines, ''].join('\n'));
  const { stdout } = await project.stackctl(['lint', '--json']);
  const { findings, notes } = JSON.parse(stdout) as { findings: { rule: string; message: string }[]; notes: string[] };
  return { found: findings.map(({ rule, message }) => `${rule}: ${message}`), notes };
}

it('looks for the programs of health checks in the images that are there', async () => {
  await using project = await createProject();
  const said = await lint(project, {
    good: service('[CMD, wget, -q, -O, /dev/null, "http://localhost/"]'),
    shell: service('"wget -q -O - http://localhost/ | grep -q ok"'),
    gone: service('[CMD, curl, -f, "http://localhost/"]'),
    either: service('"curl -f http://localhost/ || wget -q http://localhost/"'),
    database: service('[CMD, pg_isready]', 'stackctl/postgres:15'),
    absent: service('[CMD, curl, -f, "http://localhost/"]', 'nobody/has-this:1'),
  });
  expect(said).toEqual({
    found: ['healthcheck-tool-missing: the health check of gone runs curl, which the image stackctl/busybox:1 does not have'],
    notes: ['1 image not looked into: not on this engine'],
  });
});

it('does nothing but read', async () => {
  await using rig = await createRig();
  await rig.write(`services:\n  web: ${service('[CMD, curl, "http://localhost/"]')}\n`);
  rig.proxy.readOnly = true;
  expect(await rig.stackctl('lint')).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('healthcheck-tool-missing') });
  expect([...new Set(rig.proxy.calls.map(({ method }) => method))].filter((method) => method !== 'HEAD')).toEqual(['GET']);
});
