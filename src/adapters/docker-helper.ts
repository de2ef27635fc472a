import { createHash, randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import { canonical } from '../lib/canonical.ts';
import { placeText, type DataPlace } from '../model/data-place.ts';
import { EngineError } from '../platform/engine-error.ts';
import { answerOf } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { helperLabel, helperOwner, helperOwnerLabel, removeHelper, removeNeverStarted } from './docker-helpers-left.ts';
import { fullId } from './docker-inspect.ts';
import { holdProgram } from './helper-hold.ts';
import { helperOutput } from './helper-output.ts';
import { framesOf } from './docker-stream.ts';
import { drained } from './write-to.ts';

/** A program that works inside volumes, in a container that can do nothing else: no network, nothing to write to but what is mounted. */
export interface HelperOrder {
  /** What it is there for, in words for a message: "look into volume shop_data". */
  readonly what: string;
  /** Reference of an image with GNU tar, find, cp and perl. It must be there. */
  readonly image: string;
  readonly mounts: readonly HelperMount[];
  readonly command: readonly string[];
  /** "host": the engine maps users, and the volume's service is exempt from it. */
  readonly userns?: string;
  /** Exit codes beside 0 that say that it has done its work. */
  readonly goodCodes?: readonly number[];
}

export interface HelperMount {
  readonly place: DataPlace;
  /** Absolute path in the helper. */
  readonly target: string;
  readonly writable: boolean;
}

export interface HelperStreams<T> {
  /** Its standard input; absent: empty. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Reads its standard output as it comes. What it throws ends the helper. */
  read(output: AsyncIterable<Uint8Array>): Promise<T>;
  readonly signal: AbortSignal;
}

/** With what every helper does its work: owners and modes of files that are somebody else's, and nothing of the machine. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP'];

/**
 * Runs a helper to its end and gives what was read of its output. Throws an EngineError "refused" with what it printed when it does not
 * end with 0, and "garbled" when not all of its output came. One that writes is alone: what a dead run left at work in the same place is
 * ended first. Leaves no container behind.
 */
export async function runHelper<T>(link: Pick<Link, 'docker'>, order: HelperOrder, streams: HelperStreams<T>): Promise<T> {
  const { signal } = streams;
  const tidied = removeNeverStarted(link, signal).catch(() => undefined); // the next one does it
  const mark = randomBytes(16).toString('hex');
  const command = ['perl', '-e', holdProgram, mark, [0, ...(order.goodCodes ?? [])].join(), streams.input ? 'input' : '', ...order.command];
  const id = await created(link, { ...order, command }, signal);
  let printed = '';
  let isGone = false;
  try {
    const line = await attached(link, { id, order, signal });
    const ended = exitOf(link, { id, order, signal });
    ended.catch(() => undefined); // it is waited for below
    await call({ what: order.what, signal, withinMs: lookMs }, async (until) => void (await link.docker(until).getContainer(id).start()));
    const told = stdoutOf(line, (text) => (printed = `${printed}${text}`.slice(-mostPrinted)));
    const output = helperOutput(told, Buffer.from(mark));
    const fed = feed(line, streams.input);
    const value = await Promise.race([streams.read(output.bytes), fed.failed, failing(ended)]).catch((error: unknown) => ({ error }));
    line.destroy();
    if (output.state() !== 'whole') {
      const code = await (isFailure(value) ? soon(ended) : ended);
      isGone = code !== undefined;
      if (code !== undefined && code !== 0 && !order.goodCodes?.includes(code)) throw failed(order, code, printed);
      if (code !== undefined && output.state() === 'cut') throw cutOff(order);
    }
    if (isFailure(value)) throw value.error;
    return value;
  } finally {
    if (!isGone) await removeHelper(link, id);
    await tidied;
  }
}

/** Of a helper that came to its end the output is read to its end; nobody waits for the output of one that nobody waits for any more. */
const failing = (ended: Promise<unknown>): Promise<never> => new Promise((_, reject) => void ended.catch(reject));

/** Of what it says on its standard error. */
const mostPrinted = 4096;

const isFailure = (value: unknown): value is { readonly error: unknown } => typeof value === 'object' && value !== null && 'error' in value;

const failed = ({ what }: HelperOrder, code: number, printed: string): EngineError => {
  const said = printed.trim();
  return new EngineError('refused', `Could not ${what}: the helper ended with ${code}${said === '' ? '' : ` (${said})`}`);
};

const cutOff = ({ what }: HelperOrder): EngineError =>
  new EngineError('garbled', `Could not ${what}: the engine did not hand on all that the helper said`);

async function created(link: Pick<Link, 'docker'>, order: HelperOrder, signal: AbortSignal): Promise<string> {
  try {
    return await createOnce(link, order, signal);
  } catch (error) {
    const name = nameOf(order);
    if (!(error instanceof EngineError) || name === undefined || !(error.code === 'conflict' || error.unknownOutcome)) throw error;
    await endLeftBehind(link, name);
    return createOnce(link, order, signal);
  }
}

/** Under the stack's lock nobody else is at work there: it is one whose run has died. */
async function endLeftBehind(link: Pick<Link, 'docker'>, name: string): Promise<void> {
  const left = await ask.container(link, name, AbortSignal.timeout(lookMs));
  if (left && left.inside('Config').inside('Labels').text(helperLabel) !== '') await removeHelper(link, fullId(left));
}

const createOnce = (link: Pick<Link, 'docker'>, order: HelperOrder, signal: AbortSignal): Promise<string> =>
  call({ what: order.what, signal, withinMs: lookMs }, async (until) => {
    const name = nameOf(order);
    const { id } = await link.docker(until).createContainer({
      ...(name !== undefined && { name }),
      Image: order.image,
      Entrypoint: [],
      Cmd: [...order.command],
      User: '0:0',
      WorkingDir: '/',
      Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C'],
      Labels: { [helperLabel]: order.what, [helperOwnerLabel]: helperOwner() },
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      NetworkDisabled: true,
      StopSignal: 'SIGKILL',
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        AutoRemove: true,
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        CapAdd: capabilities,
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
        Mounts: order.mounts.map(mountOf),
        ...(order.userns !== undefined && { UsernsMode: order.userns }),
      },
    });
    return fullId(answerOf({ Id: id }, 'created container'));
  });

const mountOf = ({ place, target, writable }: HelperMount) =>
  place.kind === 'volume'
    ? { Type: 'volume' as const, Source: place.name, Target: target, ReadOnly: !writable, VolumeOptions: noCopy }
    : { Type: 'bind' as const, Source: place.path, Target: target, ReadOnly: !writable };

/** What the image has at the mount's place is none of the volume's business. */
const noCopy = { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } };

/** One name for each set of places that are written to; looks need none. */
function nameOf({ mounts }: HelperOrder): string | undefined {
  const written = mounts.filter(({ writable }) => writable).map(({ place }) => placeText(place));
  return written.length === 0 ? undefined : `stackctl-helper-${createHash('sha256').update(canonical(written)).digest('hex').slice(0, 16)}`;
}

interface Running {
  readonly id: string;
  readonly order: HelperOrder;
  readonly signal: AbortSignal;
}

const attached = (link: Pick<Link, 'docker'>, { id, order, signal }: Running): Promise<Duplex> =>
  call({ what: order.what, signal, withinMs: lookMs }, async () => {
    const wanted = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
    const answer: unknown = await link.docker(signal).getContainer(id).attach(wanted);
    if (answer instanceof Duplex) return answer;
    throw new EngineError('garbled', "The engine's answer to attach is not a connection");
  });

/** Asked before it starts: afterwards the engine may have taken it away already. */
const exitOf = (link: Pick<Link, 'docker'>, { id, order, signal }: Running): Promise<number> =>
  call({ what: order.what, signal }, async (until) => {
    const answer: unknown = await link.docker(until).getContainer(id).wait({ condition: 'removed' });
    return answerOf(answer, 'wait').number('StatusCode');
  });

async function* stdoutOf(line: Duplex, onStderr: (text: string) => void): AsyncGenerator<Uint8Array> {
  for await (const { from, bytes } of framesOf(line)) {
    if (from === 'stdout') yield bytes;
    else onStderr(new TextDecoder().decode(bytes));
  }
}

/** Writes as fast as it is read. A helper that ends before it has read all says why by its exit code. Without input the line stays open. */
function feed(line: Duplex, input: AsyncIterable<Uint8Array> | undefined): { readonly failed: Promise<never> } {
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  line.on('error', () => undefined);
  if (!input) return { failed };
  void (async () => {
    for await (const bytes of input) {
      if (line.destroyed || line.writableEnded) return;
      if (!line.write(bytes)) await drained(line);
    }
    line.end();
  })().catch(fail);
  return { failed };
}

/** After something else went wrong: its own words, if it has come to its end by itself. */
const soonMs = 2_000;
const soon = (ended: Promise<number>): Promise<number | undefined> =>
  Promise.race([ended.catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, soonMs, undefined).unref())]);
