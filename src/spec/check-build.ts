import { givenByBuildKit, isNetworkOfBuildKit, isRemoteContext } from '../model/builder.ts';
import type { DeclaredBuild } from './declared.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

type At = (...path: readonly string[]) => Mark;

type Check = (build: DeclaredBuild, at: At) => readonly Finding[];

/** What of a build the reference reads without a word and no engine could do: `build-network`, `build-context`, `key-not-supported`. */
export const checkBuild = (build: DeclaredBuild, at: At): Finding[] =>
  [network, context, platform].flatMap((check) => check(build, (...path) => at('build', ...path)));

const network: Check = ({ secrets = [], ssh = [], network: name }, at) => {
  const given = givenByBuildKit({ ...(secrets.length > 0 && { secrets }), ...(ssh.length > 0 && { ssh }) });
  if (given === undefined || isNetworkOfBuildKit(name)) return [];
  const message = `a build with ${given} cannot be connected to the network "${name ?? ''}": BuildKit has "default", "host" and "none"`;
  return [{ code: 'build-network', message, mark: at('network') }];
};

/** What is elsewhere an engine fetches itself; nothing of this machine goes along. */
const context: Check = ({ context: from = '/', dockerfile = '', dockerfile_inline: inline = '' }, at) => {
  if (!isRemoteContext(from)) return [];
  const mark = at('context');
  if (from.startsWith('service:')) {
    const message = `"${from}" is no context to build from: one service's image is for another's "additional_contexts"`;
    return [{ code: 'build-context', message, mark, hint: 'a folder, the URL of a git repository or of an archive' }];
  }
  if (inline !== '') {
    const message = `"dockerfile_inline" cannot be given to a build of ${from}: the engine fetches that itself, with its Dockerfile`;
    return [{ code: 'build-context', message, mark: at('dockerfile_inline'), hint: 'name a file in there with "dockerfile"' }];
  }
  if (!dockerfile.startsWith('/')) return [];
  const message = `"dockerfile" must be a path within ${from}, not one of this machine`;
  return [{ code: 'build-context', message, mark: at('dockerfile') }];
};

const platform: Check = ({ platforms = [] }, at) => {
  if (platforms.length < 2) return [];
  const message = 'an engine builds an image for one platform only';
  return [{ code: 'key-not-supported', message, mark: at('platforms'), hint: 'write one of them' }];
};
