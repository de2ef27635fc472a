import { expect, test } from 'vitest';
import { createProject } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { plannedChanges } from './story.ts';

test('scale is how many containers there are, and beats deploy.replicas', async () => {
  await using project = await createProject();
  const text = (yaml: string): string => `services:\n${serviceText('many', yaml)}`;
  const counts: number[] = [];
  for (const yaml of ['scale: 2', 'scale: 3\ndeploy: { replicas: 3 }', 'scale: 1', 'scale: 0', '']) {
    await project.write('compose.yaml', text(yaml));
    const ran = await project.stackctl(['apply', '--yes']);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(await plannedChanges(project), yaml).toEqual([]);
    counts.push(Object.keys(await project.containers()).length);
  }
  expect(counts).toEqual([2, 3, 1, 0, 1]);
});
