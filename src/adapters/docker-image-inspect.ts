import { singlePorts } from '../lib/single-ports.ts';
import type { ImageDefaults, SeenImage } from '../model/observed.ts';
import type { Vault } from '../model/vault.ts';
import type { Answer } from './docker-answer.ts';
import { declaredLabels } from './docker-labels.ts';
import { mapTexts, seenEnvironment, seenHealthCheck, words } from './docker-settings.ts';

/** An image from its inspect answer: its id, and what it brings into a container in the form of Settings. */
export function seenImage(answer: Answer, vault: Vault): SeenImage {
  const config = answer.inside('Config');
  const healthcheck = seenHealthCheck(config.inside('Healthcheck'), vault);
  const defaults: ImageDefaults = {
    command: words(config, 'Cmd', vault),
    entrypoint: words(config, 'Entrypoint', vault),
    environment: seenEnvironment(config.texts('Env'), vault),
    labels: mapTexts(declaredLabels(config.textMap('Labels')), vault),
    user: config.text('User'),
    working_dir: config.text('WorkingDir'),
    stop_signal: config.text('StopSignal'),
    ...(healthcheck && { healthcheck }),
    ...(config.names('ExposedPorts').length > 0 && { expose: singlePorts(config.names('ExposedPorts')) }),
    volumes: [...config.names('Volumes')].sort(),
  };
  const platform = ['Os', 'Architecture', 'Variant'].map((key) => answer.text(key)).filter((part) => part !== '');
  return {
    id: answer.mustText('Id'),
    digests: answer.texts('RepoDigests'),
    ...(platform.length > 1 && { platform: platform.join('/') }),
    defaults,
  };
}
