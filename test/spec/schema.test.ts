import { describe, expect, it } from 'vitest';
import schema from '../../schemas/compose.schema.json' with { type: 'json' };
import { notCarriedOut } from '../../src/spec/carried-out.ts';

/** Each key of each map in the schema, with the path of the map. */
function* keysIn(
  part: unknown,
  path: readonly string[],
): Generator<{ path: readonly string[]; key: string; value: Record<string, unknown> }> {
  const resolved = reference(part);
  for (const [key, value] of Object.entries((resolved['properties'] ?? {}) as Record<string, unknown>)) {
    yield { path, key, value: { ...reference(value), ...(value as object) } };
    yield* keysIn(value, [...path, key]);
  }
  for (const inner of [
    ...Object.values((resolved['patternProperties'] ?? {}) as Record<string, unknown>),
    resolved['items'],
    resolved['additionalProperties'],
  ]) {
    if (typeof inner === 'object') yield* keysIn(inner, [...path, '*']);
  }
}

function reference(part: unknown): Record<string, unknown> {
  const own = part as Record<string, unknown>;
  if (typeof own['$ref'] !== 'string') return own;
  return own['$ref']
    .split('/')
    .slice(1)
    .reduce<unknown>((outer, step) => (outer as Record<string, unknown>)[step], schema) as Record<string, unknown>;
}

const keys = [...keysIn(schema, [])];

describe('the schema', () => {
  it.each(keys.map(({ path, key, value }) => [[...path, key].join('.'), value] as const))('describes %s', (_name, value) => {
    expect(value['description']).toMatch(/^[A-Z"[].*\.$/s);
  });

  it('has every key that is said not to be carried out', () => {
    const known = new Set(keys.map(({ path, key }) => [...path, key].join('.')));
    const said = notCarriedOut.flatMap(([place, , words]) => words.split(/\s+/).map((key) => (place === '' ? key : `${place}.${key}`)));
    expect(said.filter((place) => !known.has(place))).toEqual([]);
  });

  it('leaves no map open', () => {
    const open = Object.entries(schema.definitions).filter(
      ([, part]) => 'properties' in part && (part.additionalProperties as unknown) !== false,
    );
    expect(open.map(([name]) => name)).toEqual([]);
  });
});
