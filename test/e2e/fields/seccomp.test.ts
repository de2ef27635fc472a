import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { bringUp, looksOf, plannedChanges } from './story.ts';

/** Everything is allowed but these calls. */
const profile = (...calls: readonly string[]): string =>
  JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: calls, action: 'SCMP_ACT_ERRNO' }] }, undefined, 2);

const noFolders = profile('mkdir', 'mkdirat');

const text = (...lines: readonly string[]): string => `services:\n${serviceText('web', lines.join('\n'))}`;

async function expectQuiet(project: Project): Promise<void> {
  const { exitCode, stdout } = await project.stackctl(['plan', '--detailed-exitcode']);
  expect(exitCode, stdout).toBe(0);
}

const madeFolder = async (project: Project): Promise<boolean> =>
  (await (await looksOf(project))['web']!.inside('sh', '-c', 'mkdir /tmp/new && echo made')) === 'made';

test.each(['stackctl', 'compose'] as const)(
  'a seccomp profile of a stack made by %s: in force, changed in its file, taken out',
  async (maker) => {
    await using project = await createProject();
    await project.write('profiles/web.json', noFolders);
    await project.write('compose.yaml', text('security_opt: ["seccomp=profiles/web.json"]'));
    expect(await bringUp(maker, project)).toMatchObject({ exitCode: 0 });
    expect(await madeFolder(project)).toBe(false);
    await expectQuiet(project);

    // White space says nothing, and ":" is "=" too
    await project.write('profiles/web.json', JSON.stringify(JSON.parse(noFolders)));
    await project.write('compose.yaml', text('security_opt: ["seccomp:./profiles/web.json"]'));
    await expectQuiet(project);

    await project.write('profiles/web.json', profile('chmod'));
    expect((await plannedChanges(project)).map(({ verb, cause, fields }) => [verb, cause, fields.map(({ path }) => path)])).toEqual([
      ['replace', 'content', ['security_opt.seccomp']],
    ]);
    expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(await madeFolder(project)).toBe(true);
    await expectQuiet(project);

    await project.write('compose.yaml', text());
    const [removed] = await plannedChanges(project);
    expect(removed).toMatchObject({ verb: 'replace', cause: 'file', fields: [{ path: 'security_opt.seccomp', forces_replacement: true }] });
    expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
    expect((await looksOf(project))['web']!.HostConfig.SecurityOpt).toBeNull();
    await expectQuiet(project);
  },
);
