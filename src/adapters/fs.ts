import * as node from 'node:fs/promises';

/** What is to survive a crash is written through this: `node:fs/promises`, or in a test one that forgets what was not synced. */
export interface Fs {
  /** The first folder that it had to make. */
  mkdir(path: string, options: { readonly recursive: true; readonly mode: number }): Promise<string | undefined>;
  open(path: string, flags: string | number, mode?: number): Promise<OpenFile>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  /** That there is none is fine. */
  rm(path: string): Promise<void>;
  stat(path: string): Promise<{ readonly mtimeMs: number }>;
}

/** An open file, or an open folder: that one can only be synced. */
export interface OpenFile {
  readFile(): Promise<Buffer>;
  writeFile(data: string | Buffer): Promise<void>;
  write(bytes: Buffer, from: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  /** The same, but for what a reader does not need, such as times. */
  datasync(): Promise<void>;
  stat(): Promise<{ readonly uid: number; readonly mode: number; readonly size: number; isFile(): boolean }>;
  close(): Promise<void>;
}

export const nodeFs: Fs = { ...node, rm: (path) => node.rm(path, { force: true }) };
