import { join } from 'node:path';
import { chooseStack } from '../../src/commands/choose-stack.ts';
import type { ByName } from '../../src/lib/record.ts';
import { folderWith, invocation } from './kit.ts';

export interface Case {
  readonly files: ByName<string | null>;
  readonly words?: string;
  readonly cwd?: string;
  readonly environment?: ByName<string>;
}

/** The choice with the folder of the test written as "."; or its problems. */
export async function choose({ files, words = '', cwd = '.', environment = {} }: Case): Promise<unknown> {
  const folder = await folderWith(files);
  const choice = await chooseStack(invocation(`plan ${words}`, { cwd: join(folder, cwd), environment }));
  const value = choice.ok
    ? { ...choice.value, settings: undefined, stack: { ...choice.value.stack, environment: undefined } }
    : choice.error.map(({ code, message, hint }) => ({ code, message, hint }));
  return JSON.parse(JSON.stringify(value).replaceAll(folder, '.'));
}

export const stack = 'services: {}';
export const config =
  'stacks:\n  shop: { file: shop.yaml, engine: { host: "unix:///run/docker.sock" }, profiles: [p], env_files: [e.env] }\n  blog: { files: [blog.yaml, more.yaml] }\n';
