import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';
import { readStack, type Stack, type StackRequest } from '../../src/spec/read-stack.ts';

export interface Folder {
  readonly path: string;
  read(request?: Partial<StackRequest>): ReturnType<typeof readStack>;
}

/** A folder called "shop" with these files in it, gone after the test; the stack files are those that end in ".yaml". */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): Folder {
  const above = mkdtempSync(join(tmpdir(), 'stackctl-spec-'));
  onTestFinished(() => rmSync(above, { recursive: true }));
  const path = join(above, 'shop');
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const stackFiles = Object.keys(files).filter((name) => name.endsWith('.yaml'));
  return {
    path,
    read: (request = {}) =>
      readStack({
        files: stackFiles.map((name) => join(path, name)),
        profiles: [],
        envFiles: [],
        environment: {},
        cwd: path,
        vaultKey: '00'.repeat(16),
        ...request,
      }),
  };
}

/** The stack of one file. */
export async function stackOf(yaml: string, request: Partial<StackRequest> = {}): Promise<Stack> {
  const result = await folderWith({ 'compose.yaml': yaml }).read(request);
  if (!result.ok) expect.fail(result.error.map(shown).join('\n'));
  return result.value;
}

/** The service "web" whose YAML this is, indented as one likes. */
export async function webOf(yaml: string, rest = '', request: Partial<StackRequest> = {}): Promise<ServiceSpec> {
  const lines = yaml.trim().split('\n');
  const indent = Math.min(
    ...yaml
      .split('\n')
      .slice(1)
      .filter((line) => line.trim() !== '')
      .map((line) => line.search(/\S/)),
    99,
  );
  const body = lines.map((line, i) => `    ${i === 0 ? line : line.slice(indent === 99 ? 0 : indent)}`).join('\n');
  const image = /^(image|build):/m.test(body.replaceAll('    ', '')) ? '' : '    image: i\n';
  const stack = await stackOf(`services:\n  web:\n${image}${body}\n${rest}`, request);
  const web = stack.desired.services['web'];
  if (!web) expect.fail('no service "web"');
  return web;
}

/** The problems of one file, one line each. */
export async function problemsOf(yaml: string, request: Partial<StackRequest> = {}): Promise<string[]> {
  const result = await folderWith({ 'compose.yaml': yaml }).read(request);
  return (result.ok ? [...result.value.warnings, ...result.value.missing] : result.error).map(shown);
}

/** "compose.yaml:3:5 error unknown-key: unknown key "imag" (did you mean "image"?)" */
export function shown({ at, severity, code, message, hint }: Problem): string {
  const place = at ? `${at.line}:${at.column} ` : '';
  const file = at && at.file !== 'compose.yaml' ? `${at.file}:` : '';
  return `${file}${place}${severity === 'warning' ? 'warning ' : ''}${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}
