import { existsSync } from 'node:fs';
import { fromEntries } from '../lib/record.ts';
import { countText } from '../render/count-text.ts';
import { servicesOf, type Linted, type LintedService, type LocalImage, type Machine } from '../lint/linted.ts';
import { probeCommand } from '../lint/probe-command.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { ImageReader } from '../platform/image-reader.ts';
import type { StackChoice } from './choose-stack.ts';
import type { Invocation } from './command.ts';

/** What this machine says about a stack, and what could not be looked at. */
export interface SeenMachine {
  readonly machine: Machine;
  /** For people, each a sentence without a full stop. */
  readonly notes: readonly string[];
}

/** A larger one takes long to read, and is read whole. */
const largestImage = 2 * 1024 ** 3;

/** Looks at the mounted paths and, where an engine answers, into the images of services with a health check. Only reads. */
export async function lookAtMachine(
  stack: Pick<Linted, 'desired' | 'declared'>,
  choice: StackChoice,
  call: Invocation,
): Promise<SeenMachine> {
  const services = servicesOf(stack);
  const missingPaths = new Set(services.flatMap(pathsOf).filter((path) => !existsSync(path)));
  const wanted = new Map(services.map((each) => [each.spec.settings.image, false]));
  for (const each of services) if (probeCommand(each.said)) wanted.set(each.spec.settings.image, true);
  const { dockerConnection } = await import('../adapters/docker-connect.ts');
  const connection = await dockerConnection(choice.engine, call.io.environment);
  const without = (why: string): SeenMachine => ({
    machine: { missingPaths, images: {} },
    notes: [`${countText(wanted.size, 'image')} not looked into: ${why}`],
  });
  if (!connection.ok) return without(connection.error.map(({ message }) => message).join('; '));
  // What is mounted lies where the engine is
  const isFar = connection.value.kind === 'tcp';
  if (isFar) missingPaths.clear();
  const { dockerImageReader } = await import('../adapters/docker-image-reader.ts');
  const reader = dockerImageReader(connection.value);
  try {
    const seen = await Promise.all([...wanted].map(([reference, files]) => lookInto({ reference, files }, reader, call.cancel)));
    const images = fromEntries(seen.flatMap(({ reference, image }) => (image ? [[reference, image] as const] : [])));
    return {
      machine: { missingPaths, images },
      notes: [
        ...(isFar ? ['mounted paths not looked for: the engine is on another machine'] : []),
        ...absentNote(seen),
        ...seen.flatMap(({ note }) => note ?? []),
      ],
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return without(error.message);
  }
}

/** Sockets come and go with whoever listens, and a rule of their own tells of those that matter. */
const pathsOf = ({ said }: LintedService): string[] =>
  (said.volumes ?? []).flatMap(({ type, source }) =>
    type === 'bind' && source !== undefined && !source.endsWith('.sock') ? [source] : [],
  );

interface Looked {
  readonly reference: string;
  readonly image?: LocalImage;
  readonly note?: string;
}

async function lookInto(wanted: { reference: string; files: boolean }, reader: ImageReader, signal: AbortSignal): Promise<Looked> {
  const { reference } = wanted;
  const seen = await reader.look(reference, signal);
  if (!seen) return { reference };
  const { healthcheck } = seen;
  if (!wanted.files) return { reference, image: { healthcheck } };
  if (seen.size > largestImage) {
    return { reference, image: { healthcheck }, note: `${reference} was not looked into: it is larger than 2 GiB` };
  }
  const files = await reader.fileNames(reference, signal);
  if (!files)
    return {
      reference,
      image: { healthcheck },
      note: `${reference} was not looked into: its layers are packed in a way that is not known`,
    };
  return { reference, image: { healthcheck, files } };
}

function absentNote(seen: readonly Looked[]): string[] {
  const absent = seen.filter(({ image }) => !image);
  return absent.length === 0 ? [] : [`${countText(absent.length, 'image')} not looked into: not on this engine`];
}
