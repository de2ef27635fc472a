import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { present } from '../lib/present.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Connection } from './docker-connect.ts';
import { dockerDeadline } from './docker-deadline.ts';
import { makeFence } from './docker-fence.ts';
import { connectionError, refusalError } from './docker-failure.ts';

type Dial = Docker['modem']['dial'];
type DialDone = NonNullable<Parameters<Dial>[1]>;

/**
 * dockerode for one call, whose requests all end with that signal: half of dockerode's methods drop an abortSignal among their options
 * (5.0.1: image and network inspect, network and volume changes).
 */
export type DockerUntil = (signal: AbortSignal) => Docker;

const longestAnswer = 64 * 1024 * 1024;

/** dockerode for that engine, made to read answers to their end, to fail with EngineErrors, and to change nothing behind a closed fence. */
export function dockerClient(connection: Connection, fence = makeFence(), deadline = dockerDeadline()): DockerUntil {
  const docker = new Docker(optionsOf(connection));
  const { modem } = docker;
  Object.assign(modem, { buildRequest: send(connection) });
  const dial = fenced(modem.dial.bind(modem), fence);
  return (signal) => {
    const bound = Object.assign(Object.create(modem) as Docker['modem'], { dial: carefully(dial, deadline.within(signal)) });
    return Object.assign(Object.create(docker) as Docker, { modem: bound });
  };
}

// What is not said is set to undefined: docker-modem would take it from DOCKER_HOST and its relatives
function optionsOf(connection: Connection): Docker.DockerOptions {
  const none = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
  };
  const tidy = { ...none, pathPrefix: undefined, protocol: 'http' as const };
  if (connection.kind === 'unix') return { ...tidy, socketPath: connection.path };
  const { host, port, tls } = connection;
  return { ...tidy, host, port, ...(tls && { protocol: 'https' as const, ...tls }) };
}

/** Lets requests that change something out only while the fence is open. */
const fenced =
  (dial: Dial, fence: ReturnType<typeof makeFence>): Dial =>
  (request, done = () => undefined) => {
    const open = isChange(request) ? fence.mayChange() : undefined;
    if (!open) return void dial(request, done);
    void open.then((isOpen) => {
      if (isOpen) dial(request, done);
      else done(new EngineError('refused', lostLock), null);
    });
  };

const isChange = ({ method = 'GET' }: Parameters<Dial>[0]): boolean => method !== 'GET' && method !== 'HEAD';

const lostLock = 'This process has lost the lock of the stack, and changes nothing any more';

/** What docker-modem makes of a call before it sends it. */
type Sending = readonly [options: RequestOptions, context: { readonly openStdin?: boolean }, body: unknown, done: DialDone];

/**
 * Takes the place of docker-modem's own sending, which reads answers itself (5.0.7: the promise of one that breaks off stays pending
 * for ever, and a body that is not JSON is given out as a Buffer) and describes every request for a log that nobody keeps.
 */
function send(connection: Connection): (...sending: Sending) => void {
  const isSecure = connection.kind === 'tcp' && connection.tls !== undefined;
  // Loaded where it is needed only: TLS takes longer to start than the rest of the client
  const toSocket = isSecure ? {} : noServerName;
  const request = isSecure ? process.getBuiltinModule('node:https').request : httpRequest;
  return (...[options, { openStdin }, body, done]) => {
    const call = begin(() => request({ ...toSocket, ...options }), done);
    if (!call) return;
    call.on('response', (answer) => done(null, answer));
    call.on('upgrade', (_answer, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      done(null, socket);
    });
    call.on('error', (error) => done(error, null));
    if (body instanceof Readable) return void body.on('error', (error) => call.destroy(error)).pipe(call);
    if (typeof body === 'string' || Buffer.isBuffer(body)) call.write(body);
    if (!openStdin) call.end();
  };
}

/** Node works out the name of a server for TLS, for every request and without TLS too, unless there is one. */
const noServerName = { servername: '' };

/** A path or header that HTTP cannot carry throws at once. */
function begin(request: () => ClientRequest, done: DialDone): ClientRequest | undefined {
  try {
    return request();
  } catch (error) {
    done(connectionError(error, 'a request'), null);
    return undefined;
  }
}

/** Every answer is taken as it comes and read here: whole, JSON, or an error. */
function carefully(dial: Dial, abortSignal: AbortSignal): Dial {
  return (request, done = () => undefined) => {
    const asked = `${request.method ?? 'GET'} ${request.path.replace(/\?$/, '')}`;
    dial({ ...request, options: tidied(request), abortSignal }, (error, answer) => {
      if (error) return void done(connectionError(error, asked), null);
      if (!isMessage(answer)) return void done(null, answer);
      const status = answer.statusCode ?? 0;
      if (status < 300 && givesStream(request)) return void done(null, answer);
      readWhole(answer, asked).then(
        (body) => finish({ status, body, asked }, done),
        (why: unknown) => done(connectionError(why, asked), null),
      );
    });
  };
}

/**
 * docker-modem (5.0.7) writes all that is to be created into the address as well: sensitive values into the log of an engine that debugs,
 * and what is longer than a megabyte is refused there (431).
 */
function tidied({ path, options }: Parameters<Dial>[0]): object | undefined {
  if (!options || !/^\/(?:containers|networks|volumes)\/create\?$/.test(path)) return options;
  const { name, platform } = options as { readonly name?: string; readonly platform?: string };
  return { _query: present({ name, platform }), _body: options };
}

function finish(answer: { status: number; body: string; asked: string }, done: DialDone): void {
  const { status, body, asked } = answer;
  if (status >= 300 && status !== 304) return void done(refusalError(answer), null);
  // 304: it was so already. Answers without a body are those of start, stop and their like
  try {
    if (status === 304 || body === '' || body === 'OK') return void done(null, null);
    // Also thrown by dockerode itself, which takes the Id of what it was given
    const value: unknown = JSON.parse(body);
    done(null, value as Parameters<DialDone>[1]); // JSON of any shape: docker-answer.ts looks at it
  } catch (error) {
    done(new EngineError('garbled', `The engine's answer to ${asked} makes no sense`, { cause: error }), null);
  }
}

/** Events in place of `for await`: an answer is one or two chunks, and an iterator costs more than they do. */
function readWhole(answer: IncomingMessage, asked: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    answer.on('data', (bytes: Buffer) => {
      length += bytes.length;
      chunks.push(bytes);
      if (length > longestAnswer) answer.destroy(new EngineError('garbled', `The engine's answer to ${asked} does not end`));
    });
    answer.once('end', () => resolve(Buffer.concat(chunks).toString()));
    answer.once('error', reject);
    answer.once('close', () => reject(new EngineError('unreachable', `The connection to the engine broke during ${asked}`)));
  });
}

// dockerode calls logs a stream only when it follows them, and calls a HEAD one that has no body
const givesStream = ({ isStream, method, path }: Parameters<Dial>[0]): boolean =>
  (isStream === true && method !== 'HEAD') || /\/logs\?/.test(path);

const isMessage = (answer: unknown): answer is IncomingMessage => typeof answer === 'object' && answer !== null && 'statusCode' in answer;
