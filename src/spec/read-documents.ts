import { interpolateTree } from './interpolate-tree.ts';
import type { Loading } from './loading.ts';
import type { Mark } from './mark.ts';
import { untagged, type Untagged } from './reset.ts';

/** The documents of a file, one after another, with variables put in and tags taken out. */
export async function readDocuments(path: string, loading: Loading, mark?: Mark): Promise<readonly Untagged[]> {
  const documents = await loading.documents(path, mark);
  if (!documents) {
    loading.state.named = false;
    return [];
  }
  const hasTags = /!(?:reset|override)\b/.test(documents.source.text);
  return documents.roots.map((document) => {
    const { root, resets } = untagged(document, hasTags);
    return { root: loading.raw ? root : interpolateTree(root, loading.lookup, loading.report), resets };
  });
}
