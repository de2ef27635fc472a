import { expect, it } from 'vitest';
import { watchGroup } from '../../src/render/group-watch.ts';
import { bringUp } from './kit.ts';

it('says what it does, what it has done while it waits for others, and how it ended', () => {
  const steps = bringUp('db');
  const watch = watchGroup({ title: 'db', steps });
  const notes = [watch.note()];
  for (const step of steps) {
    watch.start(step);
    notes.push(watch.note());
    watch.end(step, { status: 'done' });
    notes.push(watch.note());
  }
  expect(notes).toMatchInlineSnapshot(`
    [
      "",
      "create container shop-db-1 from nginx:2",
      "create container shop-db-1 from nginx:2: done",
      "start container shop-db-1",
      "start container shop-db-1: done",
      "wait until shop-db-1 is healthy",
      "ready",
    ]
  `);
});
