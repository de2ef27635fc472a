import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, makeProgram, type Ended, type Program } from './program.ts';
import { folderWith } from './kit.ts';
import { shopFile } from './units-system.ts';

const isRoot = process.getuid?.() === 0;

let program: Program;
beforeAll(async () => {
  program = await makeProgram();
});
afterAll(() => program.remove());

const nobody = 65534;

/** A process of another user that listens on a port of its own choice, and that the rule of the stack names. */
async function holder(): Promise<{ readonly child: ChildProcess; readonly port: number } & AsyncDisposable> {
  const listen = `const server = require('net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))`;
  const words = ['-e', listen, 'stackctl-units-test-holder'];
  const child = spawn(process.execPath, words, { uid: nobody, gid: nobody, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const port = Number(await new Promise<string>((resolve) => lines.once('line', resolve)));
  return {
    child,
    port,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

const valueOf = (text: string, key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';

/** Runs what the unit at boot runs: its command, folder and variables, its capabilities but those in `less`, and no other privilege. */
async function runUnit(cwd: string, less: readonly string[] = []): Promise<Ended> {
  const { stdout } = await program.run(['units', '--json'], { cwd });
  const { units } = JSON.parse(stdout) as { readonly units: readonly { readonly name: string; readonly text: string }[] };
  const text = units.find(({ name }) => name === 'stackctl-orphans-shop.service')?.text ?? '';
  // Words that need no quotes are all there are in these folders
  const [node = '', ...words] = valueOf(text, 'ExecStart').split(' ');
  const capabilities = valueOf(text, 'CapabilityBoundingSet')
    .split(' ')
    .filter((each) => !less.includes(each));
  const bounding = ['-all', ...capabilities.map((each) => `+${each.replace('CAP_', '').toLowerCase()}`)].join(',');
  const environment = Object.fromEntries(
    [...text.matchAll(/^Environment=([^=]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  return ended(
    spawn('setpriv', [`--bounding-set=${bounding}`, '--inh-caps=-all', '--no-new-privs', node, ...words], {
      cwd: valueOf(text, 'WorkingDirectory'),
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

describe.skipIf(!isRoot)(`the unit at boot (${isRoot ? 'with the capabilities it has' : 'needs root'})`, () => {
  it('ends an orphan of another user', async () => {
    await using held = await holder();
    const cwd = await folderWith({ 'compose.yaml': shopFile(held.port) });
    const exit = once(held.child, 'exit');
    expect(await runUnit(cwd)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`ended  process ${held.child.pid}; ${held.port}/tcp free`),
    });
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(await runUnit(cwd)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^All clear/) });
  });

  it('needs each of them', async () => {
    await using held = await holder();
    const cwd = await folderWith({ 'compose.yaml': shopFile(held.port) });
    expect(await runUnit(cwd, ['CAP_KILL'])).toMatchObject({ code: 4, stdout: expect.stringContaining('could not be signalled') });
    for (const capability of ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH'])
      expect((await runUnit(cwd, [capability])).stdout, capability).not.toContain(`process ${held.child.pid}`);
    expect(held.child.signalCode).toBe(null);
  });

  it('asks no engine, whose socket may be there before anybody answers', async () => {
    await using held = await holder();
    const cwd = await folderWith({ 'compose.yaml': shopFile(held.port) });
    const socket = `${cwd}/silent.sock`;
    const listen = `require('net').createServer(() => console.log('asked')).listen(process.argv[1], () => console.log('there'))`;
    const silent = spawn(process.execPath, ['-e', listen, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    silent.stdout.setEncoding('utf8').on('data', (text: string) => void said.push(text));
    await once(silent.stdout, 'data');
    try {
      const words = ['orphans', '--end', '--yes', '--no-engine'];
      const { code } = await program.run(words, { cwd, environment: { DOCKER_HOST: `unix://${socket}` } });
      expect({ code, said: said.join('') }).toEqual({ code: 0, said: 'there\n' });
    } finally {
      silent.kill('SIGKILL');
    }
  });
});
