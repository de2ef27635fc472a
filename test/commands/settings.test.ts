import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { toolSettings, type SettingSources } from '../../src/config/tool-settings.ts';
import { withTimeouts } from '../../src/config/with-timeouts.ts';
import { builtInHelperImage } from '../../src/model/helper-image.ts';
import type { Desired } from '../../src/model/desired.ts';
import { folderWith, matching } from './kit.ts';

const noFlags: SettingSources['flags'] = {
  timeout: undefined,
  waitTimeout: undefined,
  rollbackTimeout: undefined,
  parallelism: undefined,
  progress: undefined,
};

describe('settings', () => {
  const settingsOf = async (text: string, sources: Partial<SettingSources>) => {
    const folder = await folderWith({ 'stack.config.yaml': text });
    const config = await readConfig(folder);
    if (!config.ok) throw new Error('not a config');
    const settings = toolSettings({ flags: noFlags, environment: { HOME: '/home/a' }, cwd: '/here', config: config.value, ...sources });
    return settings.ok ? settings.value : settings.error;
  };

  it('are built in', async () => {
    expect(await settingsOf('', {})).toEqual({
      timeoutMs: { value: 600_000, by: 'built-in', from: 'built in' },
      rollbackTimeoutMs: { value: undefined, by: 'built-in', from: 'built in' },
      pullTimeoutMs: { value: undefined, by: 'built-in', from: 'built in' },
      readyTimeoutMs: { value: undefined, by: 'built-in', from: 'built in' },
      parallelism: { value: 16, by: 'built-in', from: 'built in' },
      stateDir: { value: '/home/a/.local/state/stackctl', by: 'built-in', from: 'built in' },
      helperImage: { value: builtInHelperImage, by: 'built-in', from: 'built in' },
      progress: { value: 'auto', by: 'built-in', from: 'built in' },
    });
  });

  const config =
    'defaults:\n  timeout: 1m\n  rollback_timeout: 2m\n  parallelism: 3\n  state_dir: /config\n  progress: quiet\n  helper_image: mine:1\n';

  it('stand in stack.config.yaml', async () => {
    expect(await settingsOf(config, {})).toMatchObject({
      timeoutMs: { value: 60_000, from: matching(/stack\.config\.yaml:2$/) },
      rollbackTimeoutMs: { value: 120_000, from: matching(/:3$/) },
      parallelism: { value: 3, from: matching(/:4$/) },
      stateDir: { value: '/config' },
      helperImage: { value: 'mine:1', from: matching(/:7$/) },
      progress: { value: 'quiet' },
    });
  });

  it('stand in the environment, which beats the file', async () => {
    const environment = { COMPOSE_PARALLEL_LIMIT: '7', STACKCTL_STATE_DIR: 'state', STACKCTL_HELPER_IMAGE: 'other:1' };
    expect(await settingsOf(config, { environment })).toMatchObject({
      parallelism: { value: 7, from: 'COMPOSE_PARALLEL_LIMIT' },
      stateDir: { value: '/here/state', from: 'STACKCTL_STATE_DIR' },
      helperImage: { value: 'other:1', from: 'STACKCTL_HELPER_IMAGE' },
      timeoutMs: { value: 60_000 },
    });
  });

  it('stand in flags, which beat all', async () => {
    const environment = { COMPOSE_PARALLEL_LIMIT: '7' };
    expect(await settingsOf(config, { environment, flags: { ...noFlags, timeout: 5, parallelism: 1, progress: 'tty' } })).toMatchObject({
      timeoutMs: { value: 5, from: '--timeout' },
      parallelism: { value: 1, from: '--parallelism' },
      progress: { value: 'tty', from: '--progress' },
    });
    expect(await settingsOf(config, { flags: { ...noFlags, waitTimeout: 5 } })).toMatchObject({
      timeoutMs: { value: 5, from: '--wait-timeout' },
    });
  });

  it.each([
    [{ COMPOSE_PARALLEL_LIMIT: '-1' }, { parallelism: { value: 16 } }],
    [{ COMPOSE_PARALLEL_LIMIT: '' }, { parallelism: { value: 16 } }],
    [{ COMPOSE_PARALLEL_LIMIT: 'many' }, [{ code: 'bad-setting', message: 'COMPOSE_PARALLEL_LIMIT must be a whole number, not "many"' }]],
    [{ XDG_STATE_HOME: '/xdg' }, { stateDir: { value: '/xdg/stackctl' } }],
    [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, { stateDir: { value: '/h/.local/state/stackctl' } }],
  ])('with %j', async (environment: Record<string, string>, settings) => {
    expect(await settingsOf('', { environment })).toMatchObject(settings);
  });
});

describe('timeouts', () => {
  const place = { file: 'compose.yaml', line: 1, column: 1 };
  const timeouts = { pullMs: 10, readyMs: 20, callMs: 30 };
  const desired = (declared: readonly string[]): Desired =>
    ({
      timeoutMs: 1,
      rollbackTimeoutMs: 2,
      services: { web: { timeouts } },
      places: Object.fromEntries(declared.map((path) => [path, place])),
    }) as unknown as Desired;
  const settings = (said: object): Parameters<typeof withTimeouts>[1] => {
    const none = { value: undefined, by: 'built-in', from: 'built in' };
    return {
      timeoutMs: { value: 600, by: 'built-in', from: '' },
      rollbackTimeoutMs: none,
      pullTimeoutMs: none,
      readyTimeoutMs: none,
      ...said,
    } as never;
  };

  it.each([
    [
      'the stack file beats the defaults',
      ['x-stack.timeout', 'x-stack.rollback_timeout'],
      { timeoutMs: { value: 9, by: 'config' } },
      [1, 2, 10, 20],
    ],
    [
      'a flag beats the stack file',
      ['x-stack.timeout', 'x-stack.rollback_timeout'],
      { timeoutMs: { value: 9, by: 'flag' } },
      [9, 2, 10, 20],
    ],
    ['the way back gets as long as the way forward', [], { timeoutMs: { value: 9, by: 'flag' } }, [9, 9, 10, 20]],
    [
      'a default holds where the file says nothing',
      [],
      { rollbackTimeoutMs: { value: 8, by: 'config' }, pullTimeoutMs: { value: 7, by: 'config' } },
      [600, 8, 7, 20],
    ],
    [
      'a service says so itself',
      ['services.web.x-stack.timeout.ready'],
      { readyTimeoutMs: { value: 7, by: 'config' } },
      [600, 600, 10, 20],
    ],
  ])('%s', (...[, declared, said, [timeoutMs, rollbackTimeoutMs, pullMs, readyMs]]) => {
    expect(withTimeouts(desired(declared), settings(said))).toMatchObject({
      timeoutMs,
      rollbackTimeoutMs,
      services: { web: { timeouts: { pullMs, readyMs, callMs: 30 } } },
    });
  });
});
