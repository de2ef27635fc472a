import type { Duplex } from 'node:stream';

/** Writes as fast as it is taken. Throws the stream's own error once it has one, and another when it was closed. */
export async function writeTo(stream: Duplex, chunk: Uint8Array): Promise<void> {
  if (!isOpen(stream)) throw whyClosed(stream);
  if (stream.write(chunk)) return;
  await drained(stream);
  if (!isOpen(stream)) throw whyClosed(stream);
}

/** Once it takes more, or never will. */
export const drained = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });

const isOpen = ({ destroyed, errored, writable }: Duplex): boolean => !destroyed && errored === null && writable;

const whyClosed = ({ errored }: Duplex): Error => errored ?? new Error('What was written to has ended');
