import { canonical } from './canonical.ts';
import { checkSchema } from './check-schema.ts';
import { checkValues } from './check-values.ts';
import { withExtends } from './extends.ts';
import type { Finding } from './finding.ts';
import { withFileValues } from './file-values.ts';
import { withAbsolutePaths } from './host-paths.ts';
import { withImplied } from './implied.ts';
import { withIncludes } from './include.ts';
import type { Loading } from './loading.ts';
import type { Mark } from './mark.ts';
import { mergeStacks } from './merge.ts';
import type { MapNode } from './node.ts';
import { readDocuments } from './read-documents.ts';
import { applyResets, type Untagged } from './reset.ts';
import { withoutDuplicates } from './unique.ts';

/**
 * Stack files as one document, in the order of the reference: each is completed by what it extends and includes, merged over those
 * before it, checked, and its short forms are written out. Undefined if nothing could be read.
 */
export async function loadModel(paths: readonly string[], loading: Loading, mark?: Mark): Promise<MapNode | undefined> {
  let model: MapNode | undefined;
  for (const path of paths) {
    for (const document of await readDocuments(path, loading, mark)) model = await added(model, document, { path, loading });
  }
  if (!model) {
    // An include may be empty; a stack that nothing declares would be one to take down
    if (!mark && loading.state.named) loading.report(emptyFile(paths));
    return undefined;
  }
  const implied = withImplied(model);
  checkValues(implied, loading.report);
  const absolute = withAbsolutePaths(implied, loading);
  return loading.raw ? absolute : withFileValues(absolute, loading.lookup);
}

const emptyFile = (paths: readonly string[]): Finding => ({
  code: 'empty-file',
  message: paths.length === 1 ? `${paths[0] ?? ''} is empty` : `there is nothing in ${paths.join(', ')}`,
  hint: 'it needs at least "services"',
});

interface Adding {
  readonly path: string;
  readonly loading: Loading;
}

async function added(model: MapNode | undefined, document: Untagged, { path, loading }: Adding): Promise<MapNode> {
  const { report, state, raw } = loading;
  const extended = await withExtends(document.root, path, { resets: document.resets, loading });
  const complete = await withIncludes(extended, path, { loading, load: loadModel });
  const merged = model ? mergeStacks(applyResets(model, document.resets), complete, report) : complete;
  const checked = checkSchema(withoutDuplicates(merged), report);
  state.whole &&= checked.whole;
  state.named &&= checked.named;
  return withoutDuplicates(canonical(withoutVersion(checked.root, loading), { report, raw, written: state.written }));
}

function withoutVersion(root: MapNode, { report }: Loading): MapNode {
  const version = root.entries.get('version');
  if (!version) return root;
  const hint = 'remove the line; Compose ignores it too';
  report({ code: 'obsolete-version', severity: 'warning', message: '"version" is obsolete', mark: version.key, hint });
  return { ...root, entries: new Map([...root.entries].filter(([key]) => key !== 'version')) };
}
