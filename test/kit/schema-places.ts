import schema from '../../schemas/compose.schema.json' with { type: 'json' };

interface Part {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly patternProperties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: boolean | Part;
  readonly items?: Part;
}

/** Every key of the Compose Specification that has no other key below it, by place: "services.*.ports.*.target". */
export const leafPlaces = (sections: readonly string[]): string[] =>
  sections.flatMap((section) => leavesOf({ ...(schema as Part).properties?.[section] }, section));

function leavesOf(part: Part, place: string): string[] {
  const { properties = {}, patternProperties = {}, additionalProperties, items } = resolved(part);
  const below = [
    ...Object.entries(properties)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, each]) => [`${place}.${key}`, each] as const),
    ...Object.entries(patternProperties)
      .filter(([pattern]) => !pattern.startsWith('^x-'))
      .map(([, each]) => [`${place}.*`, each] as const),
    ...(typeof additionalProperties === 'object' ? [[`${place}.*`, additionalProperties] as const] : []),
    ...(items ? [[`${place}.*`, items] as const] : []),
  ];
  const leaves = below.flatMap(([at, each]) => leavesOf(each, at));
  // A list or map of plain values is one key
  return leaves.some((leaf) => !/^(\.\*)+$/.test(leaf.slice(place.length))) ? leaves : [place];
}

function resolved(part: Part): Part {
  if (part.$ref === undefined) return part;
  const name = part.$ref.replace('#/definitions/', '');
  const { $ref: _, ...own } = part;
  return resolved({ ...(schema.definitions as Readonly<Record<string, Part>>)[name], ...own });
}
