import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';

/** A stack file with one mistake in it. */
export interface Mutation {
  readonly what: string;
  readonly text: string;
}

type Path = readonly (string | number)[];

interface Mistake {
  readonly what: string;
  make(document: Document): void;
}

/** Maps whose keys are names that a person chooses. */
const named = /^(services|networks|volumes|secrets|configs|services\.[^.]+\.(environment|labels|depends_on|networks)|(.*\.)?lint|x-.*)$/;

/** Every mistake of the kinds below that fits somewhere in the file, in the order of the file. */
export function mutationsOf(text: string): Mutation[] {
  const mistakes = [...mistakesIn(parseDocument(text)), ...misplaced(parseDocument(text))];
  return mistakes.map(({ what, make }) => {
    const document = parseDocument(text);
    make(document);
    return { what, text: document.toString() };
  });
}

function* mistakesIn(document: Document): Generator<Mistake> {
  for (const path of pathsIn(document.contents, [])) {
    const name = path.join('.');
    const node: unknown = document.getIn(path, true);
    if (/^x-(?!stack)|\.lint\./.test(name)) continue;
    const key = path.at(-1);
    const above = path.slice(0, -1);
    // A misspelt "x-stack" is an extension of somebody else: those are left alone
    if (typeof key === 'string' && key !== 'x-stack' && !named.test(above.join('.'))) {
      yield { what: `rename ${name}`, make: (each) => rename(each, path, `${key}s2`) };
      yield { what: `swap letters of ${name}`, make: (each) => rename(each, path, swapped(key)) };
    }
    const wrong = isMap(node) ? [7] : isSeq(node) ? 7 : { wrong: [7] };
    yield { what: `wrong type of ${name}`, make: (each) => each.setIn(path, each.createNode(wrong)) };
  }
}

/** Blocks under a service that has no such key. */
function* misplaced(document: Document): Generator<Mistake> {
  const services = document.get('services') as YAMLMap;
  for (const { key } of services.items) {
    const service = String(key);
    for (const block of ['healthcheck', 'deploy', 'volumes', 'environment', 'restart', 'depends_on', 'secrets']) {
      if (!document.hasIn(['services', service, block])) continue;
      const known = block === 'volumes' || block === 'secrets';
      if (!known) yield { what: `${block} of ${service} at the top`, make: (each) => move(each, ['services', service, block], [block]) };
      const other = block === 'deploy' ? 'healthcheck' : 'deploy';
      if (document.hasIn(['services', service, other]))
        yield { what: `${block} of ${service} under ${other}`, make: (each) => move(each, ['services', service, block], ['services', service, other, block]) };
      yield { what: `${block} of ${service} beside the services`, make: (each) => move(each, ['services', service, block], ['services', block]) };
    }
  }
}

function move(document: Document, from: Path, to: Path): void {
  const node: unknown = document.getIn(from, true);
  document.deleteIn(from);
  document.setIn(to, node);
}

function* pathsIn(node: unknown, path: Path): Generator<Path> {
  if (path.length > 0) yield path;
  if (isMap(node)) for (const { key, value } of node.items) yield* pathsIn(value, [...path, isScalar(key) ? String(key.value) : '']);
  if (isSeq(node)) for (const [i, item] of node.items.entries()) yield* pathsIn(item, [...path, i]);
}

function rename(document: Document, path: Path, to: string): void {
  const map = document.getIn(path.slice(0, -1), true) as YAMLMap | undefined;
  const whole = map ?? (document.contents as YAMLMap);
  const pair = whole.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  if (pair) pair.key = document.createNode(to);
}

/** "image" as "imaeg". */
const swapped = (key: string): string => `${key.slice(0, -2)}${key.at(-1) ?? ''}${key.at(-2) ?? 'x'}${key.at(-1) === key.at(-2) ? 'x' : ''}`;

