import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Project } from '../../kit/project.ts';

interface Imported {
  readonly said: string;
  readonly file: string;
  readonly plan: string;
  readonly code: number | undefined;
}

/** Imports the project into a folder of its own, and plans there. */
export async function importAndPlan(project: Project): Promise<Imported> {
  await project.write('imported/keep', '');
  const ran = await project.stackctl(['import', '--project', project.name, '--out', 'imported/compose.yaml']);
  expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
  const file = await readFile(join(project.folder, 'imported/compose.yaml'), 'utf8');
  const plan = await project.stackctl(['plan', '--detailed-exitcode'], { cwd: join(project.folder, 'imported') });
  return { said: ran.stderr, file, plan: `${plan.stdout}${plan.stderr}`, code: plan.exitCode };
}
