import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../schemas/compose.schema.json' with { type: 'json' };

/**
 * Checks a document against schemas/compose.schema.json; what is wrong stands in `errors`. The bundler puts ajv's standalone code in
 * the place of this module, so nothing else may import ajv at run time.
 */
export const validateStack: ValidateFunction = new Ajv({ allErrors: true, strict: false, messages: false }).compile(schema);
