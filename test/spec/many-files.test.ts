import { describe, expect, it } from 'vitest';
import { configHashes } from '../../src/spec/config-hash.ts';
import { jsonForm } from '../../src/spec/config-model.ts';
import { readWritten } from '../../src/spec/read-stack.ts';
import { folderWith, stackOf } from './stack-folder.ts';

/** The services of the model that "compose.yaml", among these files, stands for. */
async function servicesOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  const folder = folderWith(files);
  const read = await folder.read({ files: [`${folder.path}/compose.yaml`] });
  if (!read.ok) expect.fail(read.error.map(({ message }) => message).join('\n'));
  return JSON.parse(JSON.stringify(read.value.model['services']).replaceAll(folder.path, 'DIR')) as unknown;
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = folderWith(files);
  const read = await folder.read({ files: [`${folder.path}/compose.yaml`] });
  return read.ok ? [] : read.error.map(({ code, at }) => `${at?.file}:${at?.line} ${code}`);
}

describe('include', () => {
  it('reads a file with its own folder and its own .env', async () => {
    const services = await servicesOf({
      'compose.yaml': 'include: [sub/db.yaml]\nservices: {web: {image: "${TAG:-none}", depends_on: [db]}}',
      'sub/db.yaml': 'services: {db: {image: "db:${TAG}", volumes: ["./data:/data"]}}',
      'sub/.env': 'TAG=5',
    });
    expect(services).toMatchObject({
      web: { image: 'none', depends_on: { db: { condition: 'service_started', required: true } } },
      db: { image: 'db:5', volumes: [{ type: 'bind', source: 'DIR/sub/data', target: '/data' }] },
    });
  });

  it('takes /dev/null for a file of variables that says none', async () => {
    const services = await servicesOf({
      'compose.yaml': 'include: [{path: sub/db.yaml, env_file: /dev/null}]\nservices: {web: {image: i, env_file: /dev/null}}',
      'sub/db.yaml': 'services: {db: {image: "db:${TAG:-none}"}}',
      'sub/.env': 'TAG=5',
    });
    expect(services).toMatchObject({ web: { image: 'i' }, db: { image: 'db:none' } });
  });

  it.each([
    ['a cycle', { 'compose.yaml': 'include: [b.yaml]', 'b.yaml': 'include: [compose.yaml]' }, ['b.yaml:1 include-cycle']],
    [
      'a conflict',
      { 'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}', 'b.yaml': 'services: {a: {image: y}}' },
      ['compose.yaml:2 include-conflict'],
    ],
    ['a missing file', { 'compose.yaml': 'include:\n  - path: no.yaml\nservices: {}' }, ['compose.yaml:2 file-missing']],
  ])('refuses %s', async (_name, files, problems) => expect(await problemsOf(files)).toEqual(problems));
});

describe('extends', () => {
  it('takes over another service, in chains and from other files', async () => {
    const services = await servicesOf({
      'compose.yaml':
        'services:\n  web: {extends: {file: sub/base.yaml, service: app}, environment: {B: "2"}, command: !reset}\n  job: {extends: web, restart: "no"}',
      'sub/base.yaml':
        'services:\n  app: {extends: root, image: i, env_file: [{path: a.env, required: false}], command: run}\n  root: {environment: [A=1, B=1], volumes: [.:/src]}',
    });
    const web = {
      image: 'i',
      environment: { A: '1', B: '2' },
      volumes: [{ type: 'bind', source: 'DIR/sub', target: '/src', bind: { create_host_path: true } }],
      networks: { default: null },
    };
    expect(services).toEqual({ web, job: { ...web, restart: 'no' } });
  });

  it.each([
    ['itself', { 'compose.yaml': 'services:\n  a: {extends: b}\n  b: {extends: a}' }, ['compose.yaml:3 extends-cycle']],
    ['nothing', { 'compose.yaml': 'services:\n  a: {image: i, extends: web}' }, ['compose.yaml:2 undefined-service']],
    [
      'without end',
      {
        'compose.yaml': `services:\n${Array.from({ length: 5000 }, (_, i) => `  s${i}: {extends: s${i + 1}}\n`).join('')}  s5000: {image: i}`,
      },
      expect.arrayContaining([expect.stringContaining('extends-too-long')]),
    ],
  ])('refuses a service that extends %s', async (_name, files, problems) => expect(await problemsOf(files)).toEqual(problems));
});

describe('what a run does not act on', () => {
  it('is said at its place, and does not keep the model from being printed', async () => {
    const { missing, warnings, model } = await stackOf(
      'services:\n  web:\n    image: i\n    provider: {type: aws}\n    tty: false\n    deploy: {mode: global}\n',
    );
    expect(missing.map(({ at, message }) => `${at?.line}: ${message}`)).toEqual([
      '4: "provider" is not for an engine: Compose runs a program of this machine for it, and stackctl runs no programs of others',
    ]);
    expect(warnings.map(({ at, message }) => `${at?.line}: ${message}`)).toEqual(['6: "mode" has no effect here: only Swarm acts on it']);
    expect(model['services']).toMatchObject({ web: { provider: { type: 'aws' } } });
  });
});

it('prints JSON as Docker Compose does', async () => {
  const { model } = await stackOf('services: {a: {image: i, blkio_config: {weight_device: [{path: /dev/a}]}}}');
  expect(jsonForm(model)['services']).toEqual({
    a: {
      image: 'i',
      command: null,
      entrypoint: null,
      networks: { default: null },
      blkio_config: { weight_device: [{ Path: '/dev/a', Weight: 0 }] },
    },
  });
});

it('hashes services as Docker Compose does', async () => {
  const { services } = await stackOf('services: {app: {image: alpine}}', { projectName: 'x' });
  // docker compose config --hash "*" of Docker Compose 2.40.3
  expect(configHashes(services)).toEqual({ app: '1401a92039735b8870d9d445faadb5d72e9aa67ac7e0da35dfd665f96546bc41' });
});

it('hashes the labels of a label_file like labels of the service', async () => {
  const folder = folderWith({
    'compose.yaml': 'services: {a: {image: i, label_file: l.env, labels: {B: 2}}, b: {image: i, labels: {L: 1, B: 2}}}',
    'l.env': 'L=1',
  });
  const read = await folder.read({ projectName: 'x' });
  // docker compose config --hash "*" of Docker Compose 2.40.3
  const hash = 'ce2ea8c10b93463a7de90964e2bd9150295b629da7dba941bca8377364cc30e2';
  expect(read.ok && configHashes(read.value.services)).toEqual({ a: hash, b: hash });
});

it('leaves variables as they are written', async () => {
  const folder = folderWith({ 'compose.yaml': 'services: {a: {image: "${TAG}", ports: ["${PORT}:80"], scale: "${N}"}}' });
  const read = await readWritten({
    files: [`${folder.path}/compose.yaml`],
    profiles: [],
    envFiles: [],
    environment: { TAG: 'x' },
    cwd: folder.path,
    vaultKey: '00',
  });
  expect(read.ok && read.value.json['services']).toEqual({
    a: { image: '${TAG}', ports: ['${PORT}:80'], scale: '${N}', networks: { default: null } },
  });
});

it('gives names without a value none when variables are left as they are written', async () => {
  const folder = folderWith({
    'compose.yaml':
      'services: {a: {image: i, environment: [HOME], build: {context: ., args: [HOME, A=1]}}, b: {image: i, environment: {HOME: }}}\n' +
      'configs: {c: {environment: HOME}}',
  });
  const environment = { HOME: '/root' };
  const files = [`${folder.path}/compose.yaml`];
  const read = await readWritten({ files, profiles: [], envFiles: [], environment, cwd: folder.path, vaultKey: '00' });
  expect(read.ok && read.value.json).toMatchObject({
    services: { a: { environment: ['HOME'], build: { args: ['A=1'] } }, b: { environment: { HOME: null } } },
    configs: { c: { environment: 'HOME' } },
  });
  expect(JSON.stringify(read)).not.toContain('/root');
});

it('reads the services that are asked for, with what they need', async () => {
  const yaml = 'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i}\n  c: {image: i}\n  d: {image: i, profiles: [p]}';
  const { model } = await stackOf(yaml, { selected: ['a', 'd'] });
  expect(Object.keys(model['services'] as object)).toEqual(['a', 'b', 'd']);
});

it('reads the options of devices in both forms', async () => {
  const reserved = (options: string) => `services: {a: {image: i, gpus: [{options: ${options}}]}}`;
  const inList = await stackOf(reserved('[a=b, c]'));
  const inMap = await stackOf(reserved('{a: b, c: }'));
  expect(inList.model['services']).toMatchObject({ a: { gpus: [{ options: { a: 'b', c: '' }, count: -1 }] } });
  expect(inList.model).toEqual(inMap.model);
});

describe('the .env file beside the stack', () => {
  const files = { 'compose.yaml': 'services: {a: {image: "i${X:-}"}}', '.env': 'X=1' };
  const imageWith = async (value: string): Promise<unknown> => {
    const read = await folderWith(files).read({ environment: { COMPOSE_DISABLE_ENV_FILE: value } });
    return read.ok ? (read.value.model['services'] as { a: { image: string } }).a.image : read.error.map(({ message }) => message);
  };

  it('counts unless COMPOSE_DISABLE_ENV_FILE is true', async () => {
    expect(await Promise.all(['', '0', 'false', '1', 'true', 'T', 'yes'].map(imageWith))).toEqual([
      ...['i1', 'i1', 'i1', 'i', 'i', 'i'],
      ['COMPOSE_DISABLE_ENV_FILE must be true or false, not "yes"'],
    ]);
  });

  it('tells only what chooses a stack if it switches itself off', async () => {
    const own = (value: string) => ({ ...files, '.env': `X=1\nCOMPOSE_PROJECT_NAME=own\nCOMPOSE_DISABLE_ENV_FILE=${value}` });
    const off = await folderWith(own('1')).read();
    expect(off.ok && off.value.model).toMatchObject({ name: 'own', services: { a: { image: 'i' } } });
    const on = await folderWith(own('0')).read();
    expect(on.ok && on.value.model).toMatchObject({ name: 'own', services: { a: { image: 'i1' } } });
    expect(await folderWith(own('yes')).read()).toMatchObject({ ok: false, error: [{ code: 'bad-setting' }] });
    const beaten = await folderWith(own('1')).read({ environment: { COMPOSE_DISABLE_ENV_FILE: '0' } });
    expect(beaten.ok && beaten.value.model).toMatchObject({ services: { a: { image: 'i1' } } });
  });

  it('counts if it is named', async () => {
    const folder = folderWith(files);
    const read = await folder.read({ environment: { COMPOSE_DISABLE_ENV_FILE: '1' }, envFiles: [`${folder.path}/.env`] });
    expect(read.ok && read.value.model['services']).toMatchObject({ a: { image: 'i1' } });
  });
});

it('tells the number of containers in deploy too, if there is a deploy', async () => {
  const { model } = await stackOf(
    'services: {a: {image: i, scale: 2, deploy: {}}, b: {image: i, scale: 0, deploy: {}}, c: {image: i, scale: 2}}',
  );
  const services = model['services'] as Record<string, { deploy?: { replicas?: number } }>;
  expect(Object.values(services).map(({ deploy }) => deploy?.replicas)).toEqual([2, 0, undefined]);
});
