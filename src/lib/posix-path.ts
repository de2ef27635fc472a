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

/** The shortest path that means the same, as Go's path.Clean has it; relative paths stay relative. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  const rooted = path.startsWith('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (!rooted && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return rooted ? `/${parts.join('/')}` : parts.join('/') || '.';
}

/** `path` below `folder`, without "." and ".."; whatever `path` begins with, as Go's filepath.Join has it. */
export const joinPath = (folder: string, path: string): string => cleanPath(`${folder}/${path}`);
