/** The absolute path that `path` names when one stands in `folder`; "." and ".." are worked out, a slash at the end is dropped. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The last part of a path. */
export const lastPartOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
