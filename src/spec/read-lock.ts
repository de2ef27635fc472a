import { relative } from 'node:path';
import type { ErrorObject } from 'ajv';
import { instancePath } from './instance-path.ts';
import type { ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { isError, problemsOf, type Finding } from './finding.ts';
import { validateLock } from './lock-validator.ts';
import { createSource } from './mark.ts';
import { child, entriesOf, markAt, plainOf, type MapNode } from './node.ts';
import { parseYaml } from './parse-yaml.ts';
import { readRegularFile } from './read-files.ts';

/** What a reference stands for: a digest that any engine can pull, or the id of an image that no registry has. */
export type LockedImage = { readonly digest: string } | { readonly id: string };

/** By the reference as the stack file has it. */
export type LockedImages = ByName<LockedImage>;

/** The images of a stack.lock.yaml; undefined if there is none. Problems: it cannot be read, or is not as `stackctl lock` writes it. */
export async function readLock(file: string, cwd: string): Promise<Result<LockedImages | undefined, readonly Problem[]>> {
  const answer = await readRegularFile(file);
  if (answer.kind === 'missing') return ok(undefined);
  const inside = relative(cwd, file);
  const name = inside.startsWith('..') ? file : inside;
  if (answer.kind === 'unreadable') return fail([{ code: 'lock-unreadable', severity: 'error', message: `${name} ${answer.why}` }]);
  const findings: Finding[] = [];
  const root = parseYaml(createSource(name, answer.text), (finding) => void findings.push(ownWords(finding)));
  if (root && !validateLock(plainOf(root))) findings.push(...(validateLock.errors ?? []).map((error) => findingOf(error, root)));
  if (!root || findings.some(isError)) return fail(problemsOf(findings, () => false));
  return ok((plainOf(root) as { readonly images: LockedImages }).images); // as the schema has made sure of
}

const again = 'put it back as it was committed, or write it anew: remove it, then run stackctl lock';

/** The parser's words are those for a stack file. */
const ownWords = (finding: Finding): Finding =>
  ['wrong-type', 'empty-file', 'yaml-documents'].includes(finding.code)
    ? {
        ...finding,
        message: 'stack.lock.yaml is not as stackctl lock writes it: it must be one map with "format_version" and "images"',
        hint: again,
      }
    : { ...finding, hint: finding.hint ?? again };

function findingOf(error: ErrorObject, root: MapNode): Finding {
  const path = instancePath(error);
  const params = error.params as Readonly<Record<string, unknown>>;
  const name = path.length === 0 ? 'the file' : `"${path.at(-1) ?? ''}"`;
  const mark = markAt(root, path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const parent = path.reduce<ReturnType<typeof child>>((node, step) => child(node, step), root);
      return { code: 'unknown-key', message: `unknown key "${key}"`, mark: entriesOf(parent).get(key)?.key ?? mark, hint: again };
    }
    case 'required':
      return { code: 'missing-key', message: `"${String(params['missingProperty'])}" is missing from ${name}`, mark, hint: again };
    case 'enum': {
      const hint = 'it was written by another version of stackctl; write it anew: remove it, then run stackctl lock';
      return {
        code: 'unknown-value',
        message: `${name} must be ${(params['allowedValues'] as readonly string[]).join(' or ')}`,
        mark,
        hint,
      };
    }
    case 'pattern':
      return { code: 'unknown-value', message: `${name} must be "sha256:" and 64 hex digits`, mark, hint: again };
    case 'type':
      return { code: 'wrong-type', message: `${name} must be ${params['type'] === 'object' ? 'a map' : 'text'}`, mark, hint: again };
    default:
      return { code: 'wrong-type', message: `${name} must have either "digest" or "id"`, mark, hint: again };
  }
}
