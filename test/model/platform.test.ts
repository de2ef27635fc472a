import { expect, test } from 'vitest';
import { fitsPlatform } from '../../src/model/platform.ts';

test.each([
  ['linux/amd64', 'linux/amd64', true],
  ['linux/amd64', 'linux/x86_64', true],
  ['linux/amd64', 'amd64', true],
  ['linux/amd64', 'linux', true],
  ['linux/amd64', 'linux/amd64/v1', true],
  ['linux/amd64', 'linux/amd64/v3', false],
  ['linux/amd64', 'linux/arm64', false],
  ['linux/amd64', 'windows', false],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm64', 'linux/aarch64/v8', true],
  ['linux/arm/v7', 'linux/arm', true],
  ['linux/arm/v7', 'linux/armhf', true],
  ['linux/arm/v6', 'linux/armel', true],
  ['linux/arm/v6', 'linux/arm/7', false],
  ['linux/386', 'linux/i386', true],
  [undefined, 'linux/arm64', true],
  ['linux/amd64', undefined, true],
])('an image for %s fits where %s is wanted: %s', (platform, wanted, fits) => {
  expect(fitsPlatform(platform === undefined ? {} : { platform }, wanted)).toBe(fits);
});
