import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../schemas/stack-config.schema.json' with { type: 'json' };

/**
 * Checks a document against schemas/stack-config.schema.json; what is wrong stands in `errors`. The bundler puts ajv's standalone code
 * in the place of this module, so nothing else here may import ajv at run time.
 */
export const validateSettings: ValidateFunction = new Ajv({ allErrors: true, strict: false, messages: false }).compile(schema);
