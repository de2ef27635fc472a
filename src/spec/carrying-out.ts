import { notCarriedOut, type Actor } from './carried-out.ts';
import type { Finding } from './finding.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { rulesOf, rulesUnder, type Rules } from './rules.ts';

const rules = rulesOf<Actor>(
  Object.fromEntries(
    notCarriedOut.flatMap(([place, actor, keys]) =>
      keys.split(/\s+/).map((key) => [place === '' ? key : `${place}.${key}`, actor] as const),
    ),
  ),
);

/** What keeps a run from being carried out, and what to do about it. */
const refusals: { readonly [actor in Refusing]: Pick<Finding, 'hint'> & { message(key: string): string } } = {
  buildx: {
    message: (key) => `"${key}" cannot be given to a build: the Engine API has no field for it, only buildx reaches it`,
    hint:
      'an image needs none: write `COPY --from=IMAGE` or `FROM IMAGE` in the Dockerfile; for a folder take a "context" above both, or ' +
      'build with `docker buildx build --build-context` and name the image in "image" alone',
  },
  provider: {
    message: (key) =>
      `"${key}" is not for an engine: Compose runs a program of this machine for it, and stackctl runs no programs of others`,
    hint:
      'run that program yourself and give what it prints in "environment" or an env_file; under a profile of its own ' +
      'the service stays for `docker compose`, and stackctl leaves it alone',
  },
  model: {
    message: (key) => `"${key}" is not for an engine: Docker's plugin "docker model" serves it, and stackctl runs no plugins`,
    hint:
      'declare a service whose image serves the model and give its address in "environment", or begin "docker model" yourself ' +
      'and give the address that it listens on',
  },
};

type Refusing = 'buildx' | 'provider' | 'model';

const reasons: { readonly [actor in Exclude<Actor, Refusing>]: string } = {
  nobody: 'Docker Compose does not act on it either',
  pull_policy: 'the registry is asked with every plan, and only what has changed is pulled',
  swarm: 'only Swarm acts on it',
  builder: 'only a BuildKit service acts on it',
  dockerfile: 'the Dockerfile decides it (RUN --mount=type=secret,uid=…,gid=…,mode=…)',
  windows: 'only Windows acts on it',
  watch: 'only `docker compose watch` acts on it',
  mac: 'only Docker Desktop for Mac ever acted on it',
};

/**
 * What the active stack says and stackctl does not act on: `key-not-supported` for what would mean something else without it, and `no-effect`, a warning, for
 * what is not for one engine.
 */
export const carryingOut = (root: MapNode): Finding[] => findingsIn(root, rules);

function findingsIn(node: Node, at: Rules<Actor>): Finding[] {
  if (node.kind === 'scalar' || at.steps.size === 0) return [];
  const entries: Iterable<readonly [string, Entry]> =
    node.kind === 'map' ? node.entries : node.items.map((item, i) => [String(i), { key: item.mark, node: item }] as const);
  const findings: Finding[] = [];
  for (const [key, entry] of entries) {
    const inner = rulesUnder(at, key);
    if (!inner || saysNothing(entry.node)) continue;
    if (inner.rule !== undefined) findings.push(findingOf(key, entry, inner.rule));
    else findings.push(...findingsIn(entry.node, inner));
  }
  return findings;
}

const saysNothing = ({ silent, ...node }: Node): boolean => silent === true || (node.kind === 'map' && node.entries.size === 0);

function findingOf(key: string, { key: mark }: Entry, actor: Actor): Finding {
  if (isRefusing(actor)) {
    const { message, hint } = refusals[actor];
    return { code: 'key-not-supported', message: message(key), mark, ...(hint !== undefined && { hint }) };
  }
  return { code: 'no-effect', severity: 'warning', message: `"${key}" has no effect here: ${reasons[actor]}`, mark };
}

const isRefusing = (actor: Actor): actor is Refusing => Object.hasOwn(refusals, actor);
