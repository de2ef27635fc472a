import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ImageReader } from '../platform/image-reader.ts';
import { EngineError } from '../platform/engine-error.ts';
import { answerOf } from './docker-answer.ts';
import { call, lookMs } from './docker-call.ts';
import { dockerClient } from './docker-client.ts';
import type { Connection } from './docker-connect.ts';
import { bytesOf, tarEntries } from './tar-reader.ts';

/** How long reading a whole image may take. */
const readMs = 120_000;

/** Reads images behind that connection with inspect and `GET /images/NAME/get`: nothing is started or made for it. */
export function dockerImageReader(connection: Connection): ImageReader {
  const docker = dockerClient(connection);
  return {
    async look(reference, signal) {
      try {
        return await call({ what: `inspect image ${reference}`, signal, withinMs: lookMs }, async (until) => {
          const image = answerOf(await docker(until).getImage(reference).inspect(), 'image');
          const [kind = 'NONE'] = image.inside('Config').inside('Healthcheck').texts('Test');
          return { healthcheck: kind !== 'NONE', size: image.number('Size') };
        });
      } catch (error) {
        if (error instanceof EngineError && error.code === 'not-found') return undefined;
        throw error;
      }
    },
    fileNames: (reference, signal) =>
      call({ what: `read image ${reference}`, signal, withinMs: readMs }, async (until) =>
        namesIn(bytesOf(await docker(until).getImage(reference).get())),
      ),
  };
}

/** The names in every layer. What a later layer takes away still counts: better no finding than a wrong one. */
async function namesIn(archive: AsyncIterable<Buffer>): Promise<ReadonlySet<string> | undefined> {
  const names = new Set<string>();
  let layers = 0;
  for await (const { content, kind } of tarEntries(archive)) {
    if (kind !== 'file') continue;
    const layer = await layerIn(content);
    if (layer === 'unknown') return undefined;
    if (layer === undefined) continue;
    layers++;
    for await (const { path } of tarEntries(layer)) names.add(path.slice(path.lastIndexOf('/') + 1));
  }
  return layers > 0 ? names : undefined;
}

/** The layer that a file of the archive is, unpacked; undefined for manifests and their like. */
async function layerIn(content: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer> | undefined | 'unknown'> {
  const iterator = content[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 262) {
    const next = await iterator.next();
    if (next.done === true) return undefined;
    head = Buffer.concat([head, next.value]);
  }
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  if (head.toString('latin1', 257, 262) === 'ustar') return whole();
  if (head.readUInt16BE(0) === 0x1f8b) return unzipped(whole());
  return head.readUInt32BE(0) === 0x28b52ffd ? 'unknown' : undefined; // zstd
}

async function* unzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of Readable.from(packed).pipe(createGunzip())) yield chunk as Buffer;
}
