import type { Connection, EngineChoice } from '../adapters/docker-connect.ts';
import type { ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Platform } from '../observe.ts';
import type { BackupStore } from '../platform/backup-store.ts';
import type { SharedLockKeeper } from '../platform/lock.ts';
import type { RunDeadline } from '../platform/run-deadline.ts';
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
  /** Of a run's start and of the run; ends when the lock has been given away. */
  readonly deadline: RunDeadline;
  /** Copies of volumes, on this host. */
  readonly backups: BackupStore;
  /** What a program needs that is to speak to the engine itself. */
  readonly access: EngineAccess;
}

export interface EngineAccess {
  /** Path on this host; undefined: the engine is somewhere else. */
  readonly socket: string | undefined;
  /** The logins for registries, as a config.json. Throws EngineError where a credential helper fails. */
  logins(signal: AbortSignal): Promise<string>;
}

/** Reads the files and finds the engine side by side; the Problems of both. Nothing else picks real adapters. */
export async function setUp({ stack: request, engine, environment, stateDir }: SetupRequest): Promise<Result<Setup, readonly Problem[]>> {
  const [stack, connected] = await Promise.all([readFiles(request), connect(engine, environment, stateDir)]);
  if (!stack.ok || !connected.ok) return fail([...(stack.ok ? [] : stack.error), ...(connected.ok ? [] : connected.error)]);
  const { docker, host, content, access, backups } = connected.value;
  const { vault } = stack.value;
  return ok({
    stack: stack.value,
    platform: { engine: docker.engine(vault), host, vault, content },
    lock: docker.lock,
    notes: docker.notes,
    deadline: docker.deadline,
    access,
    backups,
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
  const [{ dockerConnection }, { openDocker }, { linuxHost }, { fileContentRecord }, { loginsFile }, { backupsOnDisk }] = await Promise.all(
    [
      import('../adapters/docker-connect.ts'),
      import('../adapters/docker-engine.ts'),
      import('../adapters/linux-host.ts'),
      import('../adapters/file-content-record.ts'),
      import('../adapters/docker-login.ts'),
      import('./backups-on-disk.ts'),
    ],
  );
  const [connection, content] = await Promise.all([dockerConnection(choice, environment), fileContentRecord(stateDir)]);
  if (!connection.ok) return connection;
  const access: EngineAccess = { socket: socketOf(connection.value), logins: loginsFile };
  return ok({
    docker: openDocker(connection.value, AbortSignal.timeout(aheadMs)),
    host: linuxHost(),
    content,
    access,
    backups: backupsOnDisk(stateDir),
  });
}

/** Docker Desktop's socket is a way into its machine, and stands at the usual place in there. */
function socketOf(connection: Connection): string | undefined {
  if (connection.kind !== 'unix') return undefined;
  return /\/\.docker\/(desktop|run)\//.test(connection.path) ? '/var/run/docker.sock' : connection.path;
}
