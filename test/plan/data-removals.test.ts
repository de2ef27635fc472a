import { describe, expect, it } from 'vitest';
import { seen, seenVolume, service, state } from '../kit/builders.ts';
import { db, web, looked, steps, text, problems, type Case } from './data-kit.ts';

describe('files that are to be gone before a start', () => {
  const files = { 'raft_state.json': 1234 };
  const stale: Case = {
    rule: { owner: { by: 'ids', uid: 0 }, removeBeforeStart: ['raft_state.json', 'gone'] },
    data: looked({ differ: 0, files }),
    services: [db],
  };
  const stopped = { containers: [seen(db, { state: state('exited', { exitCode: 101 }) })] };

  it('never stop a service', () => {
    expect(steps(stale)).toEqual([]);
    expect(problems(stale)).toEqual([]);
  });

  it('go where a container with them is started anyway', () => {
    expect(text({ ...stale, machine: stopped })).toMatch(/- file raft_state\.json = "1\.2 kB"/);
    expect(steps({ ...stale, machine: stopped }).slice(0, 3)).toEqual([
      'volume.create shop_data.before',
      'volume.remove-files shop_data < volume.create shop_data.before',
      'container.start shop-db-1 < volume.create shop_data.before, volume.remove-files shop_data',
    ]);
  });

  it('stay while somebody else runs with them', () => {
    const one: Case = { ...stale, services: [db, web], machine: { containers: [...stopped.containers, seen(web)] } };
    expect(steps(one).filter((line) => line.includes('remove-files'))).toEqual([]);
  });

  it('go before the files that stay get their owner', () => {
    const both: Case = { ...stale, rule: { removeBeforeStart: ['raft_state.json'] }, data: looked({ files }), machine: stopped };
    expect(steps(both)).toContain('volume.own shop_data < volume.remove-files shop_data');
  });

  const removals = (one: Case): string[] => steps(one).filter((line) => line.startsWith('volume.remove-files'));
  const removed = ['volume.remove-files shop_data < volume.create shop_data.before'];

  it('go where the container is replaced, made, or restarted, once it stands still', () => {
    const differs = { containers: [seen(db, { settings: { user: 'nobody' } })] };
    expect(removals({ ...stale, machine: differs })).toEqual([
      'volume.remove-files shop_data < volume.create shop_data.before, container.rename shop-db-1',
    ]);
    expect(removals({ ...stale, machine: { containers: [] } })).toEqual(removed);
    const owned: Case = { ...stale, data: looked({ files }), rule: { removeBeforeStart: ['raft_state.json'] } };
    expect(removals(owned)).toEqual(['volume.remove-files shop_data < volume.create shop_data.before, container.stop shop-db-1']);
  });

  it('stay under a paused container: it goes on where it was', () => {
    expect(removals({ ...stale, machine: { containers: [seen(db, { state: state('paused') })] } })).toEqual([]);
  });

  it('stay where no container has them, or another stack owns the volume', () => {
    const away = service('db');
    expect(removals({ ...stale, services: [away], machine: { containers: [] } })).toEqual([]);
    const foreign = { ...stopped, volumes: [seenVolume('shop_data', { stack: 'blog' })] };
    expect(removals({ ...stale, machine: foreign })).toEqual([]);
  });

  it('are those that are declared, where nobody could look yet', () => {
    const one: Case = { ...stale, data: { unknown: 'known when the step runs' }, machine: stopped };
    expect(removals(one)).toEqual(removed);
    const shown = text({ ...one, rule: { removeBeforeStart: ['raft_state.json', 'gone'], onDrift: 'report' } });
    expect(shown).toContain('because declared to be gone before a start');
    expect(shown).toContain('- file raft_state.json = "(known when the step runs)"');
    expect(shown).toContain('- file gone');
    // A new volume has none
    expect(removals({ ...one, machine: { ...stopped, volumes: [] } })).toEqual([]);
  });

  it('are told together with what else is done to the volume', () => {
    const both: Case = { ...stale, rule: { removeBeforeStart: ['raft_state.json'] }, data: looked({ files }), machine: stopped };
    const shown = text(both);
    expect(shown).toContain('such as storage and storage/wal; files that are declared to be gone before a start');
    expect(shown).toMatch(/owner += "0:0" -> "1000:1000"/);
    expect(shown).toMatch(/- file raft_state\.json = "1\.2 kB"/);
  });
});

describe('whose volume it is', () => {
  const elsewhere = { volumes: [seenVolume('shop_data', { stack: 'blog' })] };
  const owned = (one: Case): string[] => steps(one).filter((line) => line.startsWith('volume.own'));

  it('decides: that of another stack is only told of', () => {
    expect(owned({ machine: elsewhere, services: [db] })).toEqual([]);
    expect(owned({ services: [db] })).toHaveLength(1);
  });

  it('is nobody’s business where nothing of it is declared, or only what there is', () => {
    expect(owned({ rule: { mode: '0700' }, services: [db] })).toHaveLength(1);
    expect(owned({ data: looked({ differ: 0 }), services: [db] })).toEqual([]);
    expect(owned({ services: [service('db')] })).toEqual([]);
  });
});
