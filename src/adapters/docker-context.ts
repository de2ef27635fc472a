import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { messageOf } from '../lib/message-of.ts';
import { isRemoteContext } from '../model/builder.ts';
import type { BuildSpec } from '../model/desired.ts';
import { EngineError } from '../platform/engine-error.ts';
import { ignoreRules, type IgnoreRules } from './docker-ignore.ts';
import { tarEnd, tarHeader, tarPadding, type TarEntry } from './docker-tar.ts';

/** The Dockerfile's path within the archive; one from outside the context is put in beside its files, as docker does. */
export function dockerfilePath({ context, dockerfile, dockerfileInline }: BuildSpec): { readonly path: string; readonly outside: boolean } {
  if (isRemoteContext(context)) return { path: dockerfile, outside: false };
  if (dockerfileInline !== undefined) return { path: '.stackctl.Dockerfile', outside: true };
  const path = relative(context, dockerfile).split(sep).join('/');
  return path.startsWith('../') || path === '' ? { path: '.stackctl.Dockerfile', outside: true } : { path, outside: false };
}

/** A build's context as a tar archive, without what .dockerignore leaves out; empty if the engine fetches it itself. What cannot be read is an EngineError of the stream. */
export const contextArchive = (build: BuildSpec): Readable => Readable.from(readable(build), { objectMode: false });

/** The engine's client would take a missing file for a missing engine. */
async function* readable(build: BuildSpec): AsyncGenerator<Buffer> {
  try {
    yield* entries(build);
  } catch (error) {
    throw new EngineError('refused', `The files to build from cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function* entries(build: BuildSpec): AsyncGenerator<Buffer> {
  // An engine that fetches them itself, and is sent as little as the end of an archive, answers with nothing
  if (isRemoteContext(build.context)) return;
  const rules = ignoreRules(await readFile(join(build.context, '.dockerignore'), 'utf8').catch(() => ''));
  const dockerfile = dockerfilePath(build);
  const always = new Set([dockerfile.path, '.dockerignore']);
  const kept: IgnoreRules = { ...rules, ignores: (path) => !always.has(path) && rules.ignores(path) };
  // Folders that lead to the Dockerfile are walked even if they are left out
  for await (const path of walk(build.context, '', { ...kept, exceptions: kept.exceptions || dockerfile.path.includes('/') }))
    yield* entry(join(build.context, path), path);
  if (build.dockerfileInline !== undefined) yield textEntry(dockerfile.path, build.dockerfileInline);
  else if (dockerfile.outside) yield* entry(build.dockerfile, dockerfile.path);
  yield tarEnd;
}

async function* walk(root: string, folder: string, rules: IgnoreRules): AsyncGenerator<string> {
  const inside = await readdir(join(root, folder), { withFileTypes: true });
  for (const found of inside.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = folder === '' ? found.name : `${folder}/${found.name}`;
    const out = rules.ignores(path);
    if (!out) yield path;
    if (found.isDirectory() && (!out || rules.exceptions)) yield* walk(root, path, rules);
  }
}

async function* entry(file: string, path: string): AsyncGenerator<Buffer> {
  const seen = await lstat(file);
  const common = { path, mode: seen.mode & 0o7777, uid: 0, gid: 0, modified: Math.max(0, Math.floor(seen.mtimeMs / 1000)) };
  if (seen.isDirectory()) yield tarHeader({ ...common, kind: 'folder', size: 0 });
  else if (seen.isSymbolicLink()) yield tarHeader({ ...common, kind: 'link', size: 0, link: await readlink(file) });
  else if (seen.isFile()) yield* fileEntry(file, { ...common, kind: 'file', size: seen.size });
  // Sockets, pipes and devices are nothing to build from
}

function textEntry(path: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = tarHeader({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, modified: 0, size: bytes.length });
  return Buffer.concat([header, bytes, tarPadding(bytes.length)]);
}

async function* fileEntry(file: string, head: TarEntry): AsyncGenerator<Buffer> {
  yield tarHeader(head);
  let left = head.size;
  // The header has said how long it is: what is written to it meanwhile stays out
  if (left > 0) {
    for await (const chunk of createReadStream(file, { end: left - 1 })) {
      const bytes: unknown = chunk;
      if (!Buffer.isBuffer(bytes)) continue;
      left -= bytes.length;
      yield bytes;
    }
  }
  if (left > 0) throw new Error(`${file} became shorter while it was read for the build`);
  yield tarPadding(head.size);
}
