import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notCarriedOut } from '../../src/spec/carried-out.ts';
import { leafPlaces } from '../kit/schema-places.ts';
import { testedPlaces } from '../kit/tested-places.ts';

const leaves = leafPlaces(['services', 'networks', 'volumes', 'secrets', 'configs']);
const tested = testedPlaces(join(import.meta.dirname, '../e2e/fields'));
const left = notCarriedOut.flatMap(([place, , keys]) => keys.split(/\s+/).map((key) => (place === '' ? key : `${place}.${key}`)));
const isUnder = (leaf: string, place: string): boolean => leaf === place || leaf.startsWith(`${place}.`);

/** Keys that no row of test/e2e/fields tries, and why not, or where else. */
const elsewhere: Readonly<Record<string, string>> = {
  'services.*.build': 'how an image is built: test/engine-contract/build-contract.ts',
  'services.*.post_start': 'what is run in a container: test/e2e/hooks',
  'services.*.pre_stop': 'what is run in a container: test/e2e/hooks',
  'services.*.attach': 'who follows the logs: test/e2e/main-job/attach.test.ts',
  'services.*.extends': 'read away before anything is planned: test/corpus',
  'networks.*.external.name': 'the older word for name: test/corpus',
  'volumes.*.external.name': 'the older word for name: test/corpus',
  'secrets.*.external.name': 'only Swarm has external secrets: check-run.ts',
  'configs.*.external.name': 'only Swarm has external configs: check-run.ts',
  'secrets.*.name': 'what only Swarm calls them: a container knows them by their key',
  'configs.*.name': 'what only Swarm calls them: a container knows them by their key',
};

test('every key that is carried out is tried on an engine', () => {
  const missing = leaves.filter(
    (leaf) =>
      !tested.has(leaf) && !left.some((place) => isUnder(leaf, place)) && !Object.keys(elsewhere).some((place) => isUnder(leaf, place)),
  );
  expect(missing).toEqual([]);
});

test('what is tried elsewhere is not tried here too', () => {
  const stale = Object.keys(elsewhere).filter((place) => leaves.every((leaf) => !isUnder(leaf, place) || tested.has(leaf)));
  expect(stale).toEqual([]);
});
