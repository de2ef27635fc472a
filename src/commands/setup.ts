import type { EngineChoice } from '../adapters/docker-connect.ts';
import type { ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Platform } from '../observe.ts';
import type { SharedLockKeeper } from '../platform/lock.ts';
import type { RunNotes } from '../platform/run-note.ts';
import type { Stack, StackRequest } from '../spec/read-stack.ts';

export interface SetupRequest {
  readonly stack: StackRequest;
  readonly engine: EngineChoice;
  readonly environment: ByName<string>;
  readonly stateDir: string;
}

/** The stack as its files say, and the real world to hold it against. */
export interface Setup {
  readonly stack: Stack;
  readonly platform: Platform;
  /** On the engine: for the appliers of all hosts. */
  readonly lock: SharedLockKeeper;
  readonly notes: RunNotes;
}

/** Reads the files and finds the engine side by side; the Problems of both. Nothing else picks real adapters. */
export async function setUp({ stack: request, engine, environment, stateDir }: SetupRequest): Promise<Result<Setup, readonly Problem[]>> {
  const [stack, connected] = await Promise.all([readFiles(request), connect(engine, environment, stateDir)]);
  if (!stack.ok || !connected.ok) return fail([...(stack.ok ? [] : stack.error), ...(connected.ok ? [] : connected.error)]);
  const { docker, host, content } = connected.value;
  const { vault } = stack.value;
  return ok({
    stack: stack.value,
    platform: { engine: docker.engine(vault), host, vault, content },
    lock: docker.lock,
    notes: docker.notes,
  });
}

async function readFiles(request: StackRequest): Promise<Result<Stack, readonly Problem[]>> {
  const { readStack } = await import('../spec/read-stack.ts');
  return readStack(request);
}

/** An answer that takes longer is asked for again by whoever needs it. */
const aheadMs = 5000;

/** Loads what speaks to the engine while the files are read. */
async function connect(choice: EngineChoice, environment: ByName<string>, stateDir: string) {
  const [{ dockerConnection }, { openDocker }, { linuxHost }, { fileContentRecord }] = await Promise.all([
    import('../adapters/docker-connect.ts'),
    import('../adapters/docker-engine.ts'),
    import('../adapters/linux-host.ts'),
    import('../adapters/file-content-record.ts'),
  ]);
  const [connection, content] = await Promise.all([dockerConnection(choice, environment), fileContentRecord(stateDir)]);
  if (!connection.ok) return connection;
  return ok({ docker: openDocker(connection.value, AbortSignal.timeout(aheadMs)), host: linuxHost(), content });
}
