import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, makeProgram, type Ended, type Program } from './program.ts';
import { containing, matching, folderWith } from './kit.ts';

const source = join(import.meta.dirname, '../../src');
const stack = 'services: { web: { image: a } }';
let program: Program;

beforeAll(async () => {
  program = await makeProgram();
});
afterAll(() => program.remove());

const run = async (words: string, environment: { readonly [name: string]: string } = {}): Promise<Ended> =>
  program.run(words.split(' '), { cwd: await folderWith({ 'compose.yaml': stack }), environment });

describe('the program', () => {
  it.each([
    ['--version', 0, /^stackctl /, ''],
    ['help', 0, /Commands:/, ''],
    ['--help', 0, /Commands:/, ''],
    ['plan --help', 0, /stackctl plan \[FLAGS\] \[SERVICE\.\.\.\]/, ''],
    ['ps -h', 0, /stackctl ps \[FLAGS\]/, ''],
    ['plna', 1, /^$/, 'did you mean "stackctl plan"?'],
    ['up --detatch', 1, /^$/, 'did you mean --detach?'],
    ['down --rmi all', 1, /^$/, 'not supported by this version yet'],
    ['validate', 0, /valid/, ''],
    ['--json plan --oops', 1, /"code":"unknown-flag"/, ''],
  ])('%s', async (...[words, code, stdout, stderr]) => {
    const said = await run(words);
    expect(said).toMatchObject({ code, stdout: matching(stdout), stderr: containing(stderr) });
    expect(said.stderr).not.toContain('    at ');
  });

  it('explains itself when it is called with nothing', async () => {
    const said = await program.run([], { cwd: '/' });
    expect(said).toMatchObject({ code: 0, stdout: containing('Usage:'), stderr: '' });
  });

  it('asks at a terminal only', async () => {
    const said = await run('config', { FORCE_COLOR: '' });
    expect(said.stdout).not.toContain('\u001b');
  });
});

describe('outputs that fail', () => {
  const shell = async (line: string): Promise<{ readonly status: number | null; readonly stderr: string; readonly stdout: string }> => {
    const cwd = await folderWith({ 'compose.yaml': stack });
    return spawnSync('bash', ['-c', `set -o pipefail; ${line}`, process.execPath, program.path], { cwd, encoding: 'utf8' });
  };

  it('does not mind a reader that leaves', async () => {
    expect(await shell('"$0" "$1" help | true')).toMatchObject({ status: 0, stderr: '' });
    expect(await shell('"$0" "$1" plna 2>&1 | true')).toMatchObject({ status: 1 });
  });

  it('says that a full disk has lost what it printed', async () => {
    expect(await shell('"$0" "$1" help > /dev/full')).toMatchObject({
      status: 1,
      stderr: 'error: the output could not be written: ENOSPC\n',
    });
  });

  it('goes on without any output', async () => {
    expect(await shell('"$0" "$1" validate >&- 2>&-')).toMatchObject({ status: 0 });
  });
});

describe('odd surroundings', () => {
  it('does not take a vanished working directory for a bug', async () => {
    const cwd = await folderWith({ gone: null });
    const child = spawnSync('bash', ['-c', 'cd gone && rmdir ../gone && "$0" "$1" plan', process.execPath, program.path], {
      cwd,
      encoding: 'utf8',
    });
    expect(child).toMatchObject({ status: 1, stderr: 'error: the working directory does not exist any more\n' });
  });

  it('prints a bug with its stack and a short id that stays the same', async () => {
    const planted = `data:text/javascript,${encodeURIComponent("process.stdout.write = () => { throw new Error('planted'); };")}`;
    const [one, two] = [
      await run('help', { NODE_OPTIONS: `--import=${planted}` }),
      await run('help', { NODE_OPTIONS: `--import=${planted}` }),
    ];
    expect(one.code).toBe(70);
    expect(one.stderr).toMatch(/This is a bug in stackctl \([0-9a-f]{8}\)/);
    expect(one.stderr).toContain('Error: planted\n    at ');
    expect(one.stderr).toBe(two.stderr);
  });

  it('does not take a promise that nobody keeps for success', async () => {
    const planted = `data:text/javascript,${encodeURIComponent('const write = process.stdout.write; process.stdout.write = (text, done) => (text === "" ? true : write.call(process.stdout, text, done));')}`;
    expect((await run('help', { NODE_OPTIONS: `--import=${planted}` })).code).toBe(70);
  });
});

describe('Ctrl-C', () => {
  /** An engine that takes connections and says nothing. */
  async function silentEngine(): Promise<{ readonly address: string; readonly asked: Promise<unknown> }> {
    const folder = await folderWith({});
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    // The first connection only looks whether anybody is there
    const asked = new Promise((resolve) => server.on('connection', (socket) => socket.on('error', () => undefined).once('data', resolve)));
    return { address: `unix://${join(folder, 's')}`, asked };
  }

  it('ends a command that touches nothing at once', async () => {
    const { address, asked } = await silentEngine();
    const child = program.start(['plan', '-H', address], { cwd: await folderWith({ 'compose.yaml': stack }) });
    const end = ended(child);
    await asked;
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: '\nInterrupted; nothing was touched.\n' });
  });

  it('is told to a command that can walk back, which says so', async () => {
    const { address, asked } = await silentEngine();
    const child = program.start(['apply', '--yes', '-H', address], { cwd: await folderWith({ 'compose.yaml': stack }) });
    const end = ended(child);
    await asked;
    child.kill('SIGTERM');
    const { code, stderr } = await end;
    expect(stderr).toContain('Interrupted: starting nothing more and walking back');
    expect([1, 130]).toContain(code);
  });
});

describe('a start', () => {
  /** All modules that are loaded with a file, before anything is imported on demand. */
  function loadedWith(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/^import (?!type)[^;]*?from '([^']+)'/gms)) {
      if (from!.startsWith('.')) loadedWith(join(dirname(file), from!), seen);
      else seen.add(from!);
    }
    return seen;
  }

  it.each(['cli.ts', 'commands/help.ts', 'commands/version.ts', 'commands/completion.ts'])('loads little with %s', (file) => {
    const loaded = [...loadedWith(join(source, file))].map((path) => (path.startsWith('/') ? relative(source, path) : path));
    expect(loaded.filter((path) => !/^(cli\.ts$|commands\/|lib\/|node:)/.test(path))).toEqual([]);
    expect(loaded.length).toBeLessThan(30);
  });
});
