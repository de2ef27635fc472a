import { ListrDefaultRendererLogLevels as Level, ListrLogger, ProcessOutput, type DefaultRenderer } from 'listr2';
import type { Style } from './style.ts';

type Look = NonNullable<ConstructorParameters<typeof DefaultRenderer>[1]>;

/** listr2 allows for no text. */
const format = (paint: (text: string) => string) => (text?: string) => paint(text ?? '');

/**
 * How the task list looks and where it goes: our colours (listr2 would decide by the standard output, whatever stream it writes to),
 * one line a task, and a terminal whose size is asked for each time (listr2 9.0 keeps the one from the start).
 */
export function listrLook(stream: NodeJS.WriteStream, { dim, green, red, yellow, cyan }: Style): Look {
  const write = stream.write.bind(stream);
  const terminal = {
    write: (text: string): boolean => write(text),
    // Some terminals say 0 when they do not know.
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
  };
  const processOutput = Object.defineProperty(new ProcessOutput(stream, stream), 'stdout', { value: terminal });
  return {
    logger: new ListrLogger<Level>({ processOutput }),
    formatOutput: 'truncate',
    icon: {
      [Level.WAITING]: '·',
      [Level.COMPLETED]: '✔',
      [Level.FAILED]: '✖',
      [Level.SKIPPED_WITH_COLLAPSE]: '·',
      [Level.OUTPUT]: ' ',
    },
    color: {
      [Level.WAITING]: format(dim),
      [Level.PENDING]: format(cyan),
      [Level.COMPLETED]: format(green),
      [Level.FAILED]: format(red),
      [Level.SKIPPED_WITH_COLLAPSE]: format(dim),
      [Level.OUTPUT]: format(yellow),
    },
  };
}
