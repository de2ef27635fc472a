import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { serveGrpc, type GrpcMethod, type GrpcServer, type GrpcService } from '../../src/adapters/grpc-server.ts';

/** A client at the other end of a connection on which these methods are served. */
async function clientOf(
  methods: GrpcService['methods'],
  streams: GrpcService['streams'] = {},
): Promise<{ client: ClientHttp2Session; server: GrpcServer }> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const outgoing = dial((listener.address() as AddressInfo).port, '127.0.0.1');
  const [incoming] = (await once(listener, 'connection')) as [Socket];
  const server = serveGrpc(incoming, { methods, streams });
  const client = connect('http://localhost', { createConnection: () => outgoing });
  client.on('error', () => undefined);
  onTestFinished(() => {
    server.close();
    client.destroy();
    listener.close();
  });
  return { client, server };
}

const framed = (message: string, flag = 0): Buffer => {
  const head = Buffer.from([flag, 0, 0, 0, 0]);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, Buffer.from(message)]);
};

async function ask(client: ClientHttp2Session, path: string, body: Buffer) {
  const stream = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', 'x-id': 'me' });
  const told: Record<string, unknown> = {};
  stream.on('response', (headers) => Object.assign(told, headers));
  stream.on('trailers', (headers) => Object.assign(told, headers));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
  stream.end(body);
  await once(stream, 'close');
  return {
    body: Buffer.concat(chunks),
    status: told['grpc-status'],
    message: told['grpc-message'],
    http: told[constants.HTTP2_HEADER_STATUS],
  };
}

const echo: GrpcMethod = async (request) => request;

test('answers one message with one, several calls side by side, and an empty one', async () => {
  const { client } = await clientOf({ '/a/Echo': echo });
  const answers = await Promise.all(['one', 'x'.repeat(200_000), ''].map((text) => ask(client, '/a/Echo', framed(text))));
  expect(answers.map(({ body, status, http }) => [body.length, status, http])).toEqual([
    [8, '0', 200],
    [200_005, '0', 200],
    [5, '0', 200],
  ]);
  expect(answers[0]?.body).toEqual(framed('one'));
});

test.each<readonly [string, GrpcMethod, string, Buffer, object]>([
  ['what is not there', async () => undefined, '/a/B', framed(''), { status: '5' }],
  ['a method that nobody serves', echo, '/a/C', framed(''), { status: '12' }],
  ['a failure', () => Promise.reject(new Error('zwölf\nno')), '/a/B', framed(''), { status: '13', message: 'zw%C3%B6lf%0Ano' }],
  ['a request that is cut short', echo, '/a/B', framed('abc').subarray(0, -1), { status: '13' }],
  ['a compressed request', echo, '/a/B', framed('abc', 1), { status: '13' }],
  ['a request without a message', echo, '/a/B', Buffer.alloc(0), { status: '13' }],
  ['a request without end, which is cut off', echo, '/a/B', Buffer.alloc(5 * 1024 * 1024), { status: undefined }],
])('%s has a status of its own', async (_what, method, path, body, told) => {
  const { client } = await clientOf({ '/a/B': method });
  expect(await ask(client, path, body)).toMatchObject({ body: Buffer.alloc(0), ...told });
  expect(await ask(client, path === '/a/B' ? '/x/Y' : '/a/B', framed(''))).toMatchObject({ http: 200 });
});

test('a conversation goes on for as long as messages come, however they are cut, and a failure is told behind what was said', async () => {
  const { client } = await clientOf(
    {},
    {
      '/a/Talk': async function* (requests, said) {
        for await (const request of requests) {
          if (request.length === 0) throw new Error('no');
          yield Buffer.concat([Buffer.from(`${said('x-id')} `), request]);
        }
      },
    },
  );
  const whole = await ask(client, '/a/Talk', Buffer.concat([framed('one'), framed('x'.repeat(200_000))]));
  expect(whole).toMatchObject({ body: Buffer.concat([framed('me one'), framed(`me ${'x'.repeat(200_000)}`)]), status: '0', http: 200 });
  const broken = await ask(client, '/a/Talk', Buffer.concat([framed('one'), framed(''), framed('two')]));
  expect(broken).toMatchObject({ body: framed('me one'), status: '13', message: 'no' });
  expect(await ask(client, '/a/Talk', framed('one').subarray(0, -1))).toMatchObject({ status: '13' });
});

test('closing it ends the connection in the middle of a call', async () => {
  const { client, server } = await clientOf({ '/a/B': () => new Promise(() => undefined) });
  const stream = client.request({ ':method': 'POST', ':path': '/a/B' });
  stream.on('error', () => undefined);
  stream.end(framed(''));
  await once(client, 'remoteSettings');
  const closed = once(client, 'close');
  server.close();
  await closed;
});
