import { checkSchema } from './check-schema.ts';
import type { Report } from './finding.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import { interpolateTree } from './interpolate-tree.ts';
import type { Source } from './mark.ts';
import { mergeStacks } from './merge.ts';
import { child, type MapNode } from './node.ts';
import { normaliseStack } from './normal-stack.ts';
import { parseYaml } from './parse-yaml.ts';
import { stackNameOf } from './stack-name.ts';

export interface Loading {
  /** In the order they are merged. */
  readonly sources: readonly Source[];
  /** The environment, then the .env files. */
  readonly lookup: Lookup;
  /** The name that a flag or the environment asks for. */
  readonly askedName: string | undefined;
  /** The project directory. */
  readonly directory: string;
  readonly home: string;
}

/** The stack files as one document in normal form. */
export interface Loaded {
  readonly root: MapNode;
  readonly stack: string;
  /** With COMPOSE_PROJECT_NAME, which is the name of the stack. */
  readonly lookup: Lookup;
  /** False: values of known keys were wrong. */
  readonly whole: boolean;
  /** False: a file or a section could not be read, so what is undefined cannot be told. */
  readonly named: boolean;
}

/** From texts to one document: parsed, variables put in, checked, in normal form, merged. Undefined if nothing could be read. */
export function loadDocuments(loading: Loading, report: Report): Loaded | undefined {
  const parsed = loading.sources.map((source) => parseYaml(source, report));
  const roots = parsed.filter((root) => root !== undefined);
  const name = stackNameOf({ asked: loading.askedName, declared: declaredName(roots, loading.lookup), directory: loading.directory });
  if (typeof name !== 'string') report(name);
  const stack = typeof name === 'string' ? name : 'unnamed';
  const lookup: Lookup = (variable) => (variable === 'COMPOSE_PROJECT_NAME' ? stack : loading.lookup(variable));
  let whole = true;
  let named = roots.length === parsed.length;
  const normal = roots.map((root, i) => {
    const checked = checkSchema(interpolateTree(root, lookup, report), i > 0, report);
    whole &&= checked.whole;
    named &&= checked.named;
    return normaliseStack(checked.root, { directory: loading.directory, home: loading.home, report, written: { ports: 0 } });
  });
  const root = mergeStacks(normal);
  return root && { root, stack, lookup, whole, named };
}

/** The last file that says `name` wins. */
function declaredName(roots: readonly MapNode[], lookup: Lookup): string | undefined {
  return roots.reduce<string | undefined>((before, root) => {
    const node = child(root, 'name');
    const text = node?.kind === 'scalar' ? interpolate(node.text, lookup) : undefined;
    return text?.ok ? text.value.text : before;
  }, undefined);
}
