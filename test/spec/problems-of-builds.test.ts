import { expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

const building = (build: string) =>
  `services:\n  web:\n    image: i\n    build: { context: ., ${build} }\nsecrets: { token: { file: compose.yaml }, gone: { file: gone } }\n`;

it.each([
  ['ssh: [default]', []],
  ['ssh: { default: , git: ./key }', []],
  ['privileged: true', ['4:26 warning no-effect: "privileged" has no effect here: only a BuildKit service acts on it']],
  [
    'ssh: [default], network: back',
    ['4:51 build-network: a build with SSH keys cannot be connected to the network "back": BuildKit has "default", "host" and "none"'],
  ],
  [
    'additional_contexts: { a: ./a }',
    [
      expect.stringMatching(
        /^4:26 key-not-supported: "additional_contexts" cannot be given to a build: the Engine API has no field for it, only buildx reaches it \(an image needs none: /,
      ),
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

const elsewhere = (build: string) => problemsOf(`services:\n  web:\n    build: { context: "https://host/a.git#v1:sub"${build} }\n`);

it.each([
  ['', []],
  [', dockerfile: other/Dockerfile, ssh: [default]', []],
  [
    ', dockerfile_inline: FROM a',
    [
      '3:53 build-context: "dockerfile_inline" cannot be given to a build of https://host/a.git#v1:sub: the engine fetches that itself, ' +
        'with its Dockerfile (name a file in there with "dockerfile")',
    ],
  ],
  [', dockerfile: /a', ['3:72 build-context: "dockerfile" must be a path within https://host/a.git#v1:sub, not one of this machine']],
])('a build of what the engine fetches itself%s', async (build, problems) =>
  expect((await elsewhere(build)).map((each) => each.replace(/^3:\d+/, '3'))).toEqual(problems.map((each) => each.replace(/^3:\d+/, '3'))),
);

it('refuses the image of a service as a context', async () => {
  expect(await problemsOf('services: { web: { build: { context: "service:db" } }, db: { image: i } }')).toEqual([
    expect.stringMatching(/build-context: "service:db" is no context to build from/),
  ]);
});
