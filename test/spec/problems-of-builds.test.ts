import { expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

const building = (build: string) =>
  `services:\n  web:\n    image: i\n    build: { context: ., ${build} }\nsecrets: { token: { file: compose.yaml }, gone: { file: gone } }\n`;

it.each([
  ['ssh: [default]', ['4:26 key-not-supported: "ssh" is not supported by this version yet']],
  [
    'additional_contexts: { a: ./a }',
    [
      '4:26 key-not-supported: "additional_contexts" cannot be given to a build: the Engine API has no field for it, only buildx reaches it',
    ],
  ],
  [
    'platforms: [linux/amd64, linux/arm64]',
    ['4:26 key-not-supported: an engine builds an image for one platform only (write one of them)'],
  ],
  ['network: back', []],
  ['network: host, secrets: [token]', []],
  [
    'network: back, secrets: [token]',
    ['4:35 build-network: a build with secrets cannot be connected to the network "back": BuildKit has "default", "host" and "none"'],
  ],
  ['secrets: [gone]', ['5:57 secret-file-missing: the file of the secret "gone", gone, does not exist']],
  [
    'secrets: [{ source: token, mode: 0400 }]',
    ['4:53 warning no-effect: "mode" has no effect here: the Dockerfile decides it (RUN --mount=type=secret,uid=…,gid=…,mode=…)'],
  ],
])('build: { %s }', async (build, problems) => expect(await problemsOf(building(build))).toEqual(problems));
