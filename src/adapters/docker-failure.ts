import { errorCode } from '../lib/error-code.ts';
import { EngineError, type EngineErrorCode } from '../platform/engine-error.ts';
import type { Answer } from './docker-answer.ts';

/** What an engine says besides its answer: a status and, mostly, a message. */
interface Refusal {
  readonly status: number;
  readonly body: string;
  /** "POST /containers/x/start" */
  readonly asked: string;
}

/** An answer with an error status as our error: by status and text, because Podman says 500 for what Docker has codes for. */
export function refusalError({ status, body, asked }: Refusal): EngineError {
  const message = engineWords(body) || `The engine answered ${status} to ${asked} without saying why`;
  return new EngineError(codeOf(status, message), message);
}

/** What a line of a pull or build says went wrong: the status of these answers is 200 whatever happens. */
export function streamError(line: Answer, asked: string): EngineError | undefined {
  const said = line.inside('errorDetail').text('message') || line.text('error');
  return said === '' ? undefined : refusalError({ status: 500, body: JSON.stringify({ message: said }), asked });
}

/** A request without a whole answer as our error. */
export function connectionError(error: unknown, asked: string): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof Error && error.cause instanceof EngineError) return error.cause; // why it was aborted
  const text = error instanceof Error ? error.message : String(error);
  const code = errorCode(error) ?? '';
  const options = { cause: error };
  if (code === 'EACCES' || code === 'EPERM') return new EngineError('forbidden', 'This user may not use the engine’s socket', options);
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return new EngineError('unreachable', 'No engine is running there', options);
  if (code.startsWith('HPE_')) return new EngineError('garbled', `The engine's answer to ${asked} is not HTTP`, options);
  return new EngineError('unreachable', `The connection to the engine broke during ${asked}: ${text}`, options);
}

const conflictWords =
  /already in use|already exists|is in use|being used|has active endpoints|container state improper|unique constraint failed|is not running|is paused|is running/i;
const missingWords = /manifest unknown|manifest for .* not found|no such (container|image|network|volume)|name unknown/i;
const loginWords = /unauthorized|authentication required|no basic auth|access denied|docker login/i;

function codeOf(status: number, message: string): EngineErrorCode {
  if (status === 401 || loginWords.test(message)) return 'unauthorized';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 403 && conflictWords.test(message)) return 'conflict';
  if (status >= 500 && missingWords.test(message)) return 'not-found';
  // Podman 4.3 and 5.4: 500 for a taken name, a network in use, a container in the wrong state
  if (status >= 500 && conflictWords.test(message) && !/address already in use/.test(message)) return 'conflict';
  return 'refused';
}

function engineWords(body: string): string {
  const said = messageOf(body);
  return (said ?? body).trim().slice(0, 2000);
}

function messageOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') return parsed.message;
    return undefined;
  } catch {
    return undefined; // plain text, as proxies send it
  }
}
