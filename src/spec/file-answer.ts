/** What came of reading a file of the host. */
export type FileAnswer =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | { readonly kind: 'unreadable'; readonly why: string };

/** Files that were read, by absolute path. */
export type Files = ReadonlyMap<string, FileAnswer>;

/** The content of a file that was read well. */
export function contentOf(files: Files, path: string): string | undefined {
  const answer = files.get(path);
  return answer?.kind === 'text' ? answer.text : undefined;
}
