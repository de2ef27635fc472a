import schema from '../../schemas/compose.schema.json' with { type: 'json' };

/** A part of the schema, as far as people are told of it. */
interface SchemaPart {
  readonly $ref?: string;
  readonly properties?: { readonly [key: string]: SchemaPart };
  readonly patternProperties?: { readonly [pattern: string]: SchemaPart };
  readonly additionalProperties?: boolean | SchemaPart;
  readonly items?: SchemaPart;
  readonly deprecated?: boolean;
}

/** What the schema knows of a map at a path of a document. */
export interface KnownKeys {
  /** Keys with a meaning. */
  readonly keys: readonly string[];
  /** Whether its keys are names that a person chooses. */
  readonly named: boolean;
}

export function knownKeysAt(path: readonly string[]): KnownKeys {
  const part = path.reduce<SchemaPart>((outer, step) => resolved(stepInto(outer, step)), resolved(schema as SchemaPart));
  const keys = Object.entries(part.properties ?? {}).flatMap(([key, { deprecated }]) => (deprecated === true ? [] : [key]));
  const named = Object.keys(part.patternProperties ?? {}).some((pattern) => !pattern.startsWith('^x-'));
  return { keys, named: named && keys.length === 0 };
}

function stepInto(part: SchemaPart, step: string): SchemaPart {
  const exact = Object.entries(part.properties ?? {}).find(([key]) => key === step)?.[1];
  if (exact) return exact;
  const pattern = Object.entries(part.patternProperties ?? {}).find(
    ([form]) => !form.startsWith('^x-') && new RegExp(form, 'u').test(step),
  );
  if (pattern) return pattern[1];
  if (part.items && /^\d+$/.test(step)) return part.items;
  return typeof part.additionalProperties === 'object' ? part.additionalProperties : {};
}

function resolved(part: SchemaPart): SchemaPart {
  if (part.$ref === undefined) return part;
  return resolved(
    part.$ref
      .split('/')
      .slice(1)
      .reduce<SchemaPart>((outer, step) => partUnder(outer, step), schema as SchemaPart),
  );
}

const partUnder = (outer: object, key: string): SchemaPart =>
  (Object.entries(outer).find(([name]) => name === key)?.[1] ?? {}) as SchemaPart;
