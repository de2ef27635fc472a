import { Agent, type AgentOptions, type IncomingMessage } from 'node:http';
import Docker from 'dockerode';
import { EngineError } from '../platform/engine-error.ts';
import { callSignal } from './docker-call.ts';
import type { Connection } from './docker-connect.ts';
import { connectionError, refusalError } from './docker-failure.ts';

type Dial = Docker['modem']['dial'];
type DialDone = NonNullable<Parameters<Dial>[1]>;

const longestAnswer = 64 * 1024 * 1024;
const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i + 100, true]));

/** dockerode for that engine, made to read answers to their end and to fail with EngineErrors. */
export function dockerClient(connection: Connection): Docker {
  const docker = new Docker(optionsOf(connection));
  docker.modem.dial = carefully(docker.modem.dial.bind(docker.modem));
  return docker;
}

// What is not said is set to undefined: docker-modem would take it from DOCKER_HOST and its relatives
function optionsOf(connection: Connection): Docker.DockerOptions & { readonly agent?: Agent } {
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
  if (connection.kind === 'unix') return { ...tidy, socketPath: connection.path, agent: socketAgent() };
  const { host, port, tls } = connection;
  return { ...tidy, host, port, ...(tls && { protocol: 'https' as const, ...tls }) };
}

/** Keeps connections as Node's own agent does, without the name of a server, which it would work out for TLS for every request. */
const socketAgent = (): Agent => new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, servername: '' } as AgentOptions);

/**
 * docker-modem 5.0.7 leaves the promise of an answer that breaks off pending for ever, and gives out a Buffer where the body is
 * not JSON. So every answer is taken as a stream and read here: whole, JSON, or an error.
 */
function carefully(dial: Dial): Dial {
  return (request, done = () => undefined) => {
    const asked = `${request.method ?? 'GET'} ${request.path.replace(/\?$/, '')}`;
    const abortSignal = callSignal.getStore();
    dial({ ...request, ...(abortSignal && { abortSignal }), isStream: true, statusCodes: everyStatus }, (error, answer) => {
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
