import { child, isNull, listNode, mapNode, scalarNode, type Entry, type Node } from './node.ts';
import { mounts } from './normal-mounts.ts';
import { ports } from './normal-ports.ts';
import { extraHosts, serviceOptions, tmpfs } from './normal-options.ts';
import {
  asText,
  duration,
  flag,
  labels,
  mapOf,
  mapOfAll,
  normaliseEntries,
  number,
  path,
  size,
  textOf,
  texts,
  variables,
  wholeNumber,
  words,
  type Normalise,
} from './normal-values.ts';

/** A text is the context. */
const build: Normalise = (node, scope) =>
  buildOptions(node.kind === 'scalar' ? mapNode({ context: node.text === '' ? undefined : node }, node.mark) : node, scope);

const context: Normalise = (node, scope) => {
  if (!/^(\w+:\/\/|git@|github\.com\/)/.test(textOf(node))) return path(node, scope);
  scope.report({
    code: 'key-not-supported',
    message: 'a build context that is a URL is not supported by this version yet',
    mark: node.mark,
  });
  return undefined;
};

const buildOptions = mapOf({ context, args: variables });

/** A list of names as a map of conditions. */
const dependsOn: Normalise = (node, scope) => {
  if (node.kind === 'map') return mapOfAll(dependency)(node, scope);
  const entries = new Map<string, Entry>();
  for (const item of node.kind === 'list' ? node.items : []) {
    const condition = mapNode({ condition: scalarNode('service_started', item.mark), required: scalarNode(true, item.mark) }, item.mark);
    entries.set(textOf(item), { key: item.mark, node: condition });
  }
  return { kind: 'map', entries, mark: node.mark };
};

const dependency: Normalise = (node, scope) => {
  const long = mapOf({ restart: flag })(node, scope);
  if (long?.kind !== 'map') return undefined;
  return { ...long, entries: new Map([...mapNode({ required: scalarNode(true, node.mark) }, node.mark).entries, ...long.entries]) };
};

const networks: Normalise = (node) => {
  if (node.kind === 'map') return node;
  const items = node.kind === 'list' ? node.items : [];
  const entries = new Map(items.map((item) => [textOf(item), { key: item.mark, node: scalarNode(null, item.mark) }] as const));
  return { kind: 'map', entries, mark: node.mark };
};

const test: Normalise = (node, { report }) => {
  if (node.kind !== 'list') return listNode([scalarNode('CMD-SHELL', node.mark), asText(node)], node.mark);
  const [first, ...rest] = node.items;
  if (!first) return undefined;
  const kind = textOf(first);
  if (!['NONE', 'CMD', 'CMD-SHELL'].includes(kind)) {
    report({
      code: 'bad-healthcheck',
      message: 'a health check that is a list must begin with "CMD", "CMD-SHELL" or "NONE"',
      mark: first.mark,
    });
    return undefined;
  }
  if (kind !== 'NONE' && rest.length === 0) {
    report({ code: 'bad-healthcheck', message: `the health check has no command after "${kind}"`, mark: first.mark });
    return undefined;
  }
  return node;
};

const failureAction: Normalise = (node, { report }) => {
  if (['rollback', 'pause', 'continue'].includes(textOf(node))) return node;
  report({
    code: 'unknown-value',
    message: `"failure_action" must be "rollback", "pause" or "continue", not "${textOf(node)}"`,
    mark: node.mark,
  });
  return undefined;
};

const limits = mapOf({ cpus: number, memory: size, pids: wholeNumber });

/** A typing mistake beyond it; one engine runs out of addresses long before. */
const maxReplicas = 10_000;

const deploy = mapOf({
  replicas: (node, scope) => {
    const count = wholeNumber(node, scope);
    const containers = count?.kind === 'scalar' ? Number(count.value) : 0;
    if (containers >= 0 && containers <= maxReplicas) return count;
    scope.report({ code: 'bad-number', message: `a service cannot have ${containers} containers`, mark: node.mark });
    return undefined;
  },
  resources: mapOf({ limits, reservations: limits }),
  update_config: mapOf({ parallelism: wholeNumber, monitor: duration, failure_action: failureAction }),
});

/** References to secrets or configs in their long form, the mode as octal digits. */
const files: Normalise = (node, scope) =>
  node.kind === 'list'
    ? { ...node, items: node.items.map((item) => (item.kind === 'map' ? fileReference(item, scope) : reference(item))) }
    : node;

const reference = (item: Node): Node => mapNode({ source: item }, item.mark);

function fileReference(item: Node & { kind: 'map' }, { report }: Parameters<Normalise>[1]): Node {
  if (textOf(child(item, 'source')) === '') report({ code: 'missing-key', message: '"source" is missing', mark: item.mark });
  return normaliseEntries(item, (value, key) => {
    if (key !== 'mode' || value.kind !== 'scalar') return value;
    const mode = typeof value.value === 'number' ? value.value : Number.parseInt(value.text, 8);
    if (Number.isInteger(mode) && mode >= 0 && mode <= 0o7777) return scalarNode(mode.toString(8).padStart(4, '0'), value.mark);
    report({ code: 'bad-number', message: `"${value.text}" is not a file mode`, mark: value.mark, hint: 'such as 0o440' });
    return undefined;
  });
}

const envFile: Normalise = (node, scope) => {
  const list = texts(node, scope);
  if (list?.kind !== 'list') return undefined;
  const entry = mapOf({ path, required: flag });
  return {
    ...list,
    items: list.items.flatMap((item) => entry(item.kind === 'map' ? item : mapNode({ path: item }, item.mark), scope) ?? []),
  };
};

const restart: Normalise = (node, { report }) => {
  if (/^(no|always|unless-stopped|on-failure(:\d+)?)$/.test(textOf(node))) return node;
  if (textOf(node) === '') return undefined;
  const hint = '"no", "always", "unless-stopped", "on-failure" or "on-failure:5"';
  report({ code: 'unknown-value', message: `"restart" cannot be "${textOf(node)}"`, mark: node.mark, hint });
  return undefined;
};

const pullPolicy: Normalise = (node, { report }) => {
  const text = textOf(node);
  if (text === 'if_not_present') return scalarNode('missing', node.mark);
  if (['missing', 'always', 'never', 'build', 'daily', 'weekly'].includes(text)) return node;
  const later = text === 'refresh' || /^every_(\d+[wdhms])+$/.test(text);
  const message = later ? `"${text}" is not supported by this version yet` : `"pull_policy" cannot be "${text}"`;
  const hint = 'missing, always, never, build, daily or weekly';
  report({ code: later ? 'key-not-supported' : 'unknown-value', message, mark: node.mark, hint });
  return undefined;
};

const containerName: Normalise = (node, { report }) => {
  if (/[a-zA-Z0-9][a-zA-Z0-9_.-]+/.test(textOf(node))) return node;
  const hint = 'at least two letters, digits, "_", "." or "-"';
  report({ code: 'bad-name', message: `"${textOf(node)}" cannot be the name of a container`, mark: node.mark, hint });
  return undefined;
};

const ulimit: Normalise = (node, scope) =>
  node.kind === 'map' ? mapOf({ soft: wholeNumber, hard: wholeNumber })(node, scope) : wholeNumber(node, scope);

const logging = mapOf({ options: mapOfAll((node) => (isNull(node) ? scalarNode('', node.mark) : asText(node))) });

const nonEmpty = (node: Node | undefined): Node | undefined =>
  node?.kind === 'list' ? { ...node, items: node.items.filter((item) => textOf(item) !== '') } : node;

/** A service in its normal form: long forms, absolute paths, sizes in bytes, durations in Go's form. */
export const service: Normalise = mapOf({
  build,
  command: words,
  entrypoint: words,
  environment: variables,
  env_file: envFile,
  ports,
  volumes: mounts,
  networks,
  depends_on: dependsOn,
  healthcheck: mapOf({
    test,
    interval: duration,
    timeout: duration,
    retries: wholeNumber,
    start_period: duration,
    start_interval: duration,
    disable: flag,
  }),
  restart,
  stop_grace_period: duration,
  deploy,
  labels,
  read_only: flag,
  tmpfs,
  ulimits: mapOfAll(ulimit),
  extra_hosts: extraHosts,
  dns: (node, scope) => nonEmpty(texts(node, scope)),
  init: flag,
  privileged: flag,
  shm_size: size,
  secrets: files,
  configs: files,
  container_name: containerName,
  logging,
  pull_policy: pullPolicy,
  'x-stack': serviceOptions,
});
