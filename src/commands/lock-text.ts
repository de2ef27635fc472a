import { stringify } from 'yaml';
import { fromEntries, get, names } from '../lib/record.ts';
import type { LockedImages } from '../spec/read-lock.ts';

/** A stack.lock.yaml: the same images give the same text, whatever order they come in. */
export function lockText(images: LockedImages): string {
  const sorted = fromEntries(names(images).map((name) => [name, get(images, name)] as const));
  return `${head}${stringify({ format_version: '1.0', images: sorted }, { lineWidth: 0, defaultStringType: 'PLAIN' })}`;
}

const head = [
  '# Which image each reference of this stack stands for: plan and apply use exactly these.',
  '# Written by "stackctl lock"; commit it with the stack file. An "id" is of an image that no registry has, on one engine only.',
  '',
].join('\n');
