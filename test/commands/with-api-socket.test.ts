import { expect, it } from 'vitest';
import { withApiSocket } from '../../src/commands/with-api-socket.ts';
import type { Setup } from '../../src/commands/setup.ts';
import { createVault } from '../../src/model/vault.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, service } from '../kit/builders.ts';
import { never } from '../kit/runs.ts';

const at = { file: 'compose.yaml', line: 4, column: 5 };
const wanted = desired({
  services: [{ ...service('web'), apiSocket: true }, service('other')],
  places: { 'services.web.use_api_socket': at },
});

const setupWith = (access: Setup['access']): Pick<Setup, 'access' | 'stack'> => ({
  access,
  stack: { vault: createVault('11'.repeat(16)) } as Setup['stack'],
});

it('gives the socket and the sealed logins to who asks for them, and to nobody else', async () => {
  const access = { socket: '/run/user/1000/docker.sock', logins: () => Promise.resolve('{"auths":{}}') };
  const able = await withApiSocket(wanted, setupWith(access), never);
  if (!able.ok) throw new Error('refused');
  const { web, other } = able.value.services;
  expect(web!.settings).toMatchObject({
    volumes: [{ type: 'bind', source: '/run/user/1000/docker.sock', target: '/var/run/docker.sock' }],
    environment: { DOCKER_CONFIG: '/run/secrets/docker' },
    files: [{ target: '/run/secrets/docker/config.json', content: { shown: '(sensitive)' }, onlyOnce: true }],
  });
  expect(other).toEqual(wanted.services['other']);
});

it.each([
  ['an engine that is somewhere else', undefined, () => Promise.resolve(''), 'no-api-socket', at],
  ['a helper that fails', '/var/run/docker.sock', () => Promise.reject(new EngineError('unauthorized', 'no')), 'no-logins', undefined],
])('is refused with %s', async (_name, socket, logins, code, place) => {
  const refused = await withApiSocket(wanted, setupWith({ socket, logins }), never);
  expect(refused).toMatchObject({ ok: false, error: [{ code, severity: 'error', ...(place && { at: place }) }] });
});
