import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const built = process.env['STACKCTL_TEST_BIN'] ?? join(import.meta.dirname, '../../../dist/stackctl.js');
const patienceMs = 60_000;

/** A line of `apply --json`. */
export interface Line {
  readonly type: string;
  readonly id?: string;
  readonly outcome?: string;
  readonly result?: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly Line[];
}

/** A run of stackctl under way. */
export interface Started {
  readonly pid: number;
  readonly lines: readonly Line[];
  /** The first line of its progress that fits, past or to come; throws when the run ends without. */
  until(fits: (line: Line, index: number) => boolean): Promise<Line>;
  /** Resolves once its standard error says so. */
  said(text: string): Promise<void>;
  /** The same of its standard output. */
  saidOut(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

interface Options {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Words put before the program, such as setpriv. */
  readonly through?: readonly string[];
  readonly bin?: string;
}

export function start(words: readonly string[], { cwd, env, through = [], bin = built }: Options): Started {
  const [program = '', ...args] = [...through, process.execPath, bin, ...words];
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Line[] = [];
  const texts = { stdout: '', stderr: '' };
  const wakes = new Set<() => void>();
  const wake = (): void => {
    for (const each of wakes) each();
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    texts.stdout += `${text}\n`;
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Line);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
    wake();
  });
  let isOver = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      isOver = true;
      resolve({ exitCode, signal, ...texts, lines });
      wake();
    });
  });
  const when = <T>(what: string, find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        wakes.delete(check);
        clearTimeout(timer);
      };
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${why} before ${what}:\n${texts.stdout}${texts.stderr}`));
      };
      const check = (): void => {
        const found = find();
        if (found !== undefined) {
          stop();
          resolve(found);
        } else if (isOver) fail('it ended');
      };
      const timer = setTimeout(() => fail(`${patienceMs} ms passed`), patienceMs);
      wakes.add(check);
      check();
    });
  return {
    pid: child.pid ?? 0,
    lines,
    until: (fits) => when(`a line with ${String(fits)}`, () => lines.find(fits)),
    said: async (text) => void (await when(`"${text}"`, () => texts.stderr.includes(text) || undefined)),
    saidOut: async (text) => void (await when(`"${text}"`, () => texts.stdout.includes(text) || undefined)),
    signal: (name) => void child.kill(name),
    ended,
  };
}
