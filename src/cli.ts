import process from 'node:process';
import { parseLine, type BadLine, type Line } from './commands/args.ts';
import type { Command, ExitCode, Invocation, Io, Output } from './commands/command.ts';
import { workingFolder } from './commands/working-folder.ts';

/** How long handles may linger once a command is done. */
const lingerMs = 250;
/** How long a command may take to stop at once. */
const abandonMs = 5000;
/** npm and its like pass a Ctrl-C on to a process that the terminal has told already. */
const echoMs = 50;

/** The error that a stream ended with, unless nobody reads it any more: that is no fault. */
const lost = new Map<Output, string>();

async function main(words: readonly string[]): Promise<void> {
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const cwd = workingFolder(environment, () => process.cwd());
  if (cwd === undefined) {
    process.stderr.write('error: the working directory does not exist any more\n');
    process.exitCode = 1;
    return;
  }
  const io: Io = {
    stdout: outputTo(() => process.stdout),
    stderr: outputTo(() => process.stderr),
    stdin: {
      get isTTY() {
        return process.stdin.isTTY;
      },
      readLine,
    },
    environment,
    cwd,
  };
  const line = parseLine(words);
  await end(line.ok ? await dispatch(line.value, io) : await refuseLine(line.error, io), io);
}

async function dispatch({ command, ...line }: Line, io: Io): Promise<ExitCode> {
  const screen = {};
  const invocation: Invocation = { ...line, io, screen, ...onInterrupt(command, io.stderr, screen) };
  if (line.flags.version) return (await import('./commands/version.ts')).runVersion(invocation);
  if (command && !line.flags.help) return command.run(invocation);
  const { runHelp } = await import('./commands/help.ts');
  return runHelp({ ...invocation, positionals: line.calledAs === '' ? [] : [line.calledAs] });
}

async function refuseLine({ problems, flags }: BadLine, io: Io): Promise<ExitCode> {
  const { refuse } = await import('./commands/screen.ts');
  const never = new AbortController().signal;
  return refuse(problems, { calledAs: '', positionals: [], flags, io, cancel: never, abandon: never, screen: {} });
}

type Interrupts = Pick<Invocation, 'cancel' | 'abandon'>;

function onInterrupt(command: Command | undefined, stderr: Output, screen: Invocation['screen']): Interrupts {
  const [cancel, abandon] = [new AbortController(), new AbortController()];
  const sayFirst = (text: string): void => stderr.write(text === '' ? '' : `\n${text}\n`);
  let lastMs = -Infinity;
  const interrupt = (): void => {
    const nowMs = performance.now();
    const isEcho = nowMs - lastMs < echoMs;
    if (isEcho) return;
    lastMs = nowMs;
    if (!command?.interrupt) {
      stderr.write('\nInterrupted; nothing was touched.\n');
      process.exit(130);
    }
    if (abandon.signal.aborted) process.exit(4);
    if (cancel.signal.aborted) stderr.write(`\n${command.interrupt.second}\n`);
    else sayFirst(screen.onInterrupt ?? command.interrupt.first);
    if (cancel.signal.aborted) {
      abandon.abort();
      setTimeout(() => process.exit(4), abandonMs).unref();
    } else cancel.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return { cancel: cancel.signal, abandon: abandon.signal };
}

/** Node makes a stream when it is first asked for, which takes a start longer than many a command. */
function outputTo(make: () => NodeJS.WriteStream): Output {
  let opened: NodeJS.WriteStream | undefined;
  let isOpen = true;
  // The reader of a pipe may leave, and a terminal may be closed: an apply under way goes on all the same
  const onError = (error: NodeJS.ErrnoException): void => {
    isOpen = false;
    if (error.code !== 'EPIPE' && error.code !== 'EIO') lost.set(output, error.code ?? error.message);
  };
  const stream = (): NodeJS.WriteStream => (opened ??= make().on('error', onError));
  const output: Output = {
    write: (text) => {
      if (isOpen && text !== '') stream().write(text);
    },
    get isTTY() {
      return stream().isTTY;
    },
    get columns() {
      return stream().columns || 80;
    },
  };
  return output;
}

async function readLine(signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  // Not import(): code that was kept compiled cannot call it
  const { createInterface } = process.getBuiltinModule('node:readline');
  const lines = createInterface({ input: process.stdin });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  } finally {
    lines.close();
  }
}

async function end(code: ExitCode, { stdout, stderr }: Io): Promise<void> {
  await written(process.stdout);
  const why = lost.get(stdout);
  if (why !== undefined) stderr.write(`error: the output could not be written: ${why}\n`);
  process.exitCode = code === 0 && why !== undefined ? 1 : code;
  // The command is done, and what it left to the loop gets a moment. A handle that hangs on after it (a kept-alive connection, a
  // stream of an engine that froze) would keep the process for ever
  setTimeout(() => void written(process.stdout).then(() => process.exit()), lingerMs).unref();
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

async function reportBug(error: unknown): Promise<void> {
  const { bugText } = await import('./commands/bug-text.ts');
  process.stderr.write(`\n${bugText(error)}`, () => process.exit(70));
  // When nobody reads it, nobody is told that it was written
  setTimeout(() => process.exit(70), lingerMs);
}

// Until a command has said otherwise: a promise that nobody keeps ends the process too, and must not look like success
process.exitCode = 70;
process.on('uncaughtException', (error) => void reportBug(error));
main(process.argv.slice(2)).catch(reportBug);
