import { BaseSequencer } from 'vitest/node';

const took = new Map();

/** To be told of each file of tests that has ended: how long it took when all its tests ran, the first time. */
export function noteDuration(module) {
  if (!took.has(module.moduleId)) took.set(module.moduleId, module.diagnostic().duration);
}

/** The first test that fails is the last one for a mutant, so the files that take long come last. */
export class ShortestFirst extends BaseSequencer {
  async sort(files) {
    const duration = ({ moduleId }) => took.get(moduleId) ?? 0;
    return files.toSorted((left, right) => duration(left) - duration(right));
  }
}
