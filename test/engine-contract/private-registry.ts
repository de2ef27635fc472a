import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry on this machine that has nothing, and shows it only to those who log in. */
export interface PrivateRegistry extends AsyncDisposable {
  /** "127.0.0.1:41234" */
  readonly host: string;
  /** "name:password" of each request that came with a login. */
  readonly logins: ReadonlySet<string>;
}

export async function startPrivateRegistry(): Promise<PrivateRegistry> {
  const logins = new Set<string>();
  const server = createServer((request, answer) => {
    const login = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (login !== undefined) logins.add(Buffer.from(login, 'base64').toString());
    answer.writeHead(login === undefined ? 401 : 404, { 'www-authenticate': 'Basic realm="adp"', connection: 'close' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
