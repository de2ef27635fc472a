import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Docker from 'dockerode';
import { bytesOf, tarEntries } from '../../src/adapters/tar-reader.ts';

/** A registry on 127.0.0.1 that gives out images which it keeps in memory (distribution's API, as much as a pull needs). */
export interface Registry extends AsyncDisposable {
  /** "127.0.0.1:PORT" */
  readonly host: string;
  /** What was asked for, such as "GET /v2/app/manifests/1". */
  readonly asked: readonly string[];
  /** Gives "HOST/NAME:TAG" this meaning from now on: one image, or one for each platform such as "linux/arm64". */
  put(name: string, images: RegistryImage | Readonly<Record<string, RegistryImage>>): void;
}

/** busybox with an environment of its own. */
export interface RegistryImage {
  readonly env: readonly string[];
}

interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

const types = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar',
};

const native = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Starts one. All its images have the layer of the engine's "stackctl/busybox:1", whatever platform they are said to be for. */
export async function startRegistry(docker: Docker): Promise<Registry> {
  const blobs = new Map<string, Content>();
  const tags = new Map<string, string>();
  const asked: string[] = [];
  const keep = (type: string, bytes: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(digest, { type, bytes });
    return { mediaType: type, digest, size: bytes.length };
  };
  const layer = keep(types.layer, await busyboxLayer(docker));
  const image = ({ env }: RegistryImage, platform: string) => {
    const [os, architecture] = platform.split('/');
    const rootfs = { type: 'layers', diff_ids: [layer.digest] };
    const config = keep(types.config, json({ os, architecture, config: { Env: ['PATH=/bin', ...env] }, rootfs, history: [] }));
    return keep(types.manifest, json({ schemaVersion: 2, mediaType: types.manifest, config, layers: [layer] }));
  };
  const server = createServer(({ method = '', url = '' }, response) => {
    asked.push(`${method} ${url}`);
    const [, name = '', reference = ''] = /^\/v2\/(.+)\/(?:manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const digest = tags.get(`${name}:${reference}`) ?? reference;
    answer(response, url === '/v2/' ? { type: 'application/json', bytes: json({}) } : blobs.get(digest), digest);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    put(name, images) {
      if ('env' in images) return void tags.set(name, image(images as RegistryImage, native).digest);
      const manifests = Object.entries(images).map(([platform, each]) => {
        const [os, architecture] = platform.split('/');
        return { ...image(each, platform), platform: { os, architecture } };
      });
      tags.set(name, keep(types.list, json({ schemaVersion: 2, mediaType: types.list, manifests })).digest);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, content: Content | undefined, digest: string): void {
  if (!content) {
    response.writeHead(404, { 'Content-Type': 'application/json' });
    return void response.end(json({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
  }
  const headers = { 'Content-Type': content.type, 'Content-Length': content.bytes.length, 'Docker-Content-Digest': digest };
  response.writeHead(200, { ...headers, 'Docker-Distribution-Api-Version': 'registry/2.0' });
  response.end(response.req.method === 'HEAD' ? undefined : content.bytes);
}

async function busyboxLayer(docker: Docker): Promise<Buffer> {
  const archive = await docker.getImage('stackctl/busybox:1').get();
  for await (const { path, content, kind } of tarEntries(bytesOf(archive))) {
    if (kind !== 'file' || /\.json$|^repositories$|VERSION$/.test(path)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.toString('latin1', 257, 262) === 'ustar') return bytes;
  }
  throw new Error('stackctl/busybox:1 has no layer');
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
