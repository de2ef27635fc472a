import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';

/** So many commands of so many versions are remembered. */
const mostFiles = 24;

/**
 * Runs a CommonJS file as Node's require would, but from its second start on from the compiled code that the first one kept in
 * `~/.cache/stackctl`: to compile it anew takes longer than most commands. Node's own cache (from 22.1 on) would hold what the
 * first command that ever ran had compiled; this one holds that of each command. `build` names the file's content.
 */
function runCompiled(file: string, build: string): void {
  const kept = keptFile(file, build);
  // The build leaves ASCII only: V8 then keeps a byte a character, and reads it without decoding
  const source = module.wrap(readFileSync(file, 'latin1'));
  const cachedData = kept === undefined ? undefined : readKept(kept);
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  if (kept !== undefined && script.cachedDataRejected !== false) process.once('exit', (code) => keepCompiled(kept, { script, code }));
  run(script, file);
}

function run(script: Script, file: string): void {
  const require = module.createRequire(file);
  const main = new module.Module(file);
  main.filename = file;
  // The parts that are loaded later ask for it by its name
  require.cache[file] = main;
  const start = script.runInThisContext() as (...given: unknown[]) => void;
  start.call(main.exports, main.exports, require, main, file, dirname(file));
  main.loaded = true;
}

function keptFile(file: string, build: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined;
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  if (!isAbsolute(caches)) return undefined;
  const command = process.argv.slice(2).find((word) => /^[a-z]{2,12}$/.test(word)) ?? 'none';
  // The compiled code remembers where its file lay, for stack traces
  const where = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return join(caches, 'stackctl', `${build}-${where}-${process.version}-${process.arch}-${command}`);
}

/** Code that another user could have written is not run, and what is damaged would crash V8, which trusts it. */
function readKept(file: string): Buffer | undefined {
  const bytes = readOwn(file);
  const code = bytes?.subarray(digestLength);
  return code && bytes?.subarray(0, digestLength).equals(digestOf(code)) ? code : undefined;
}

const digestLength = 32;
const digestOf = (code: Buffer): Buffer => createHash('sha256').update(code).digest();

function readOwn(file: string): Buffer | undefined {
  let open: number | undefined;
  try {
    open = openSync(file, 'r');
    const { uid, mode } = fstatSync(open);
    return uid === process.geteuid?.() && (mode & 0o022) === 0 ? readFileSync(open) : undefined;
  } catch {
    return undefined;
  } finally {
    if (open !== undefined) closeSync(open);
  }
}

/** A cache that cannot be written costs the next start its time and nothing else. */
function keepCompiled(file: string, { script, code }: { readonly script: Script; readonly code: number }): void {
  if (code > 2) return;
  const next = `${file}.${process.pid}`;
  try {
    const compiled = script.createCachedData();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(next, Buffer.concat([digestOf(compiled), compiled]), { mode: 0o600 });
    renameSync(next, file);
    forgetOldest(dirname(file));
  } catch {
    rmSync(next, { force: true });
  }
}

function forgetOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }));
  for (const { path } of files.toSorted((one, other) => other.at - one.at).slice(mostFiles)) rmSync(path, { force: true });
}

runCompiled(join(import.meta.dirname, 'main.js'), process.env['STACKCTL_BUILD'] ?? '');
