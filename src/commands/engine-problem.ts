import type { Problem } from '../model/problem.ts';
import { EngineError, type EngineErrorCode } from '../platform/engine-error.ts';

const hints: { readonly [code in EngineErrorCode]?: string } = {
  timeout: 'the engine is there but does not answer; see its log (journalctl -u docker), or restart it',
  unreachable: 'see whether the engine still runs (systemctl status docker)',
  garbled: 'what answers there is not a Docker Engine API, or something in between spoils its answers',
  forbidden: 'use a user that may speak to the engine (group docker), or run as root',
  unauthorized: 'log in to the registry with: docker login',
};

/** What a person can do about an engine that failed us. Everything that is not an EngineError is a bug, and thrown on. */
export function engineProblem(error: unknown): Problem {
  if (!(error instanceof EngineError)) throw error;
  const hint = hints[error.code];
  return { code: `engine-${error.code}`, severity: 'error', message: error.message, ...(hint !== undefined && { hint }) };
}
