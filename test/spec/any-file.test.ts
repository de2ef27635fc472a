import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import schema from '../../schemas/compose.schema.json' with { type: 'json' };
import { folderWith, type Folder } from './stack-folder.ts';

/** Every key that the schema knows anywhere, so that values stand where something looks at them. */
function keysOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'properties' ? [...Object.keys(value as object), ...keysOf(value)] : keysOf(value),
  );
}

const keys = [...new Set(keysOf(schema))];
const serviceKeys = Object.keys(schema.definitions.service.properties);

const oddTexts = [
  '',
  ':',
  '=',
  'a=b',
  '/a:/b:ro',
  '80-81:80-81/udp',
  '${A',
  '${A:-${B:?c}}',
  '$$',
  '1h',
  '-1',
  '__proto__',
  'service:a',
  '~/x',
  '../x',
  '\u{1F600}',
];
const scalar = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys, 'a', 'constructor', 'x-a', ''), tie('value'), { maxKeys: 4 }),
  ),
}));
const name = fc.constantFrom('a', 'b', 'toString', 'x-a', 'a b');
const service = fc.dictionary(fc.constantFrom(...serviceKeys, 'x-a'), value, { maxKeys: 5 });
const stack = fc.record(
  {
    services: fc.dictionary(name, fc.oneof({ weight: 9, arbitrary: service }, { weight: 1, arbitrary: value })),
    networks: fc.dictionary(name, value),
    volumes: fc.dictionary(name, value),
    secrets: fc.dictionary(name, value),
    configs: fc.dictionary(name, value),
    include: value,
    models: value,
    name: value,
    'x-stack': value,
  },
  { requiredKeys: ['services'] },
);

const runs = { numRuns: 150 };
/** Either way it is an answer; what is worked out on demand is asked for. */
const isTold = (result: Awaited<ReturnType<Folder['read']>>): boolean =>
  result.ok ? Object.keys(result.value.desired).length > 0 && Object.keys(result.value.model).length > 0 : result.error.length > 0;

describe('any file is read or refused', () => {
  it('alone', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(stack, async (document) => {
        expect(await folderWith({ 'compose.yaml': stringify(document) }).read()).toSatisfy(isTold);
      }),
      runs,
    );
  });

  it('over another', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(stack, stack, async (first, second) => {
        const folder = folderWith({ 'a.yaml': stringify(first), 'b.yaml': stringify(second) });
        expect(await folder.read({ files: [join(folder.path, 'a.yaml'), join(folder.path, 'b.yaml')] })).toSatisfy(isTold);
      }),
      runs,
    );
  });

  it('also when it is no YAML', { timeout: 120_000 }, async () => {
    const text = fc.tuple(stack, fc.nat(), fc.string({ maxLength: 6 })).map(([document, at, noise]) => {
      const whole = stringify(document);
      const place = at % (whole.length + 1);
      return whole.slice(0, place) + noise + whole.slice(place + noise.length);
    });
    await fc.assert(
      fc.asyncProperty(text, async (yaml) => {
        expect(await folderWith({ 'compose.yaml': yaml }).read()).toSatisfy(isTold);
      }),
      runs,
    );
  });
});
