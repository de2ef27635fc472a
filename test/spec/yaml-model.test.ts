import { expect, it } from 'vitest';
import { yamlText } from '../../src/commands/yaml-text.ts';
import { goTime } from '../../src/spec/go-time.ts';
import { readWritten } from '../../src/spec/read-stack.ts';
import { folderWith, stackOf } from './stack-folder.ts';

const yaml = `
x-top: {l: [], f: 1.0, g: 1e6, i: 1000000, big: 12345678901234567890, d: 2001-1-2, t: "2001-01-02", cost: "$$5"}
services:
  a:
    image: i
    x-b: {z10: 1, z9: 2}
    x-a: null
    labels: {l: v}
    build: {context: /c, x-build: 1}
    volumes: [/only, {type: bind, source: /s, target: /t, bind: {x-bind: 1}}]
    ulimits: {core: 0, nofile: {soft: 0, hard: 5}}
networks: {default: {x-net: [1.5]}, x-unused: {}}
`;

// As docker compose config of Docker Compose 2.40.3 prints it
const printed = `name: shop
services:
  a:
    build:
      context: /c
      dockerfile: Dockerfile
      x-build: 1
    image: i
    labels:
      l: v
    networks:
      default: null
    ulimits:
      core:
        soft: 0
        hard: 0
      nofile:
        soft: 0
        hard: 5
    volumes:
      - type: volume
        target: /only
        volume: {}
      - type: bind
        source: /s
        target: /t
        bind:
          x-bind: 1
    x-a: null
    x-b:
      z9: 2
      z10: 1
networks:
  default:
    name: shop_default
    x-net:
      - 1.5
x-top:
  big: 12345678901234567890
  cost: $$5
  d: 2001-01-02T00:00:00Z
  f: 1
  g: 1e+06
  i: 1000000
  l: []
  t: "2001-01-02"
`;

it('prints extensions where they stand, numbers and dates as Go does, and limits that are zero', async () => {
  expect(yamlText((await stackOf(yaml)).yaml)).toBe(printed);
});

it('does not print what a variable holds that a secret comes from', async () => {
  const secret = 'services: {a: {image: i, secrets: [s]}}\nsecrets: {s: {environment: V}}';
  expect(yamlText((await stackOf(secret, { environment: { V: 'hidden' } })).yaml)).toMatch(
    /^secrets:\n {2}s:\n {4}name: shop_s\n {4}environment: V\n$/m,
  );
});

it('has no options for an anonymous volume at a path of one letter', async () => {
  const { model } = await stackOf('services: {a: {image: i, volumes: [/a, /bc]}}');
  expect(model['services']).toMatchObject({ a: { volumes: [{ target: '/a' }, { target: '/bc', volume: {} }] } });
  expect(JSON.stringify(model['services'])).toContain('{"type":"volume","target":"/a"}');
});

it('prints the files as they are written in the order of the alphabet', async () => {
  const folder = folderWith({
    'compose.yaml': 'services: {b: {image: "${X}", command: [], cap_add: []}, a_1: {image: i}, a1: {image: i}}',
  });
  const read = await readWritten({
    files: [`${folder.path}/compose.yaml`],
    profiles: [],
    envFiles: [],
    environment: {},
    cwd: folder.path,
    vaultKey: '00',
  });
  const service = (name: string, more = '') => `  ${name}:\n${more}    image: i\n    networks:\n      default: null\n`;
  expect(read.ok && yamlText(read.value.yaml)).toBe(
    `name: shop\nnetworks:\n  default:\n    name: shop_default\nservices:\n${service('a_1')}${service('a1')}${service('b', '    cap_add: []\n    command: []\n').replace('image: i', 'image: ${X}')}`,
  );
});

it.each([
  ['2001-01-01', '2001-01-01T00:00:00Z'],
  ['2001-1-2', '2001-01-02T00:00:00Z'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14T21:59:43.1-05:00'],
  ['2001-12-14 21:59:43.000', '2001-12-14T21:59:43Z'],
  ['2001-12-14T21:59:43+00:00', '2001-12-14T21:59:43Z'],
  ['2001', '2001'],
])('the date %s is printed as %s', (written, shown) => expect(goTime(written)).toBe(shown));
