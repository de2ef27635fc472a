import type { Observed } from '../model/observed.ts';
import type { Text } from '../model/text.ts';

/** A container that could be written into a stack file, by its labels. */
export interface ImportableContainer {
  readonly names: readonly string[];
  readonly id: string;
  /** Absent: it belongs to no stack. */
  readonly stack?: string;
  readonly service?: string;
  /** "db:service_healthy:false,…"; empty: it says nothing. */
  readonly dependsOn: string;
}

/** A file that was put into a container when it was made: a secret or config that has no file on the host. */
export interface FileInside {
  readonly target: string;
  readonly content: Text;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What an import asks of the engine; only reads, and fails with an EngineError and nothing else. */
export interface ImportReader {
  /** Every container of the engine. */
  containers(signal: AbortSignal): Promise<readonly ImportableContainer[]>;
  /** Everything of a stack, with the networks and volumes of others that it uses. */
  stack(stack: string, signal: AbortSignal): Promise<Observed>;
  /** The files at these paths of a container, as far as they are there. */
  filesInside(id: string, paths: readonly string[], signal: AbortSignal): Promise<readonly FileInside[]>;
}
