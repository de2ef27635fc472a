import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../schemas/stack-lock.schema.json' with { type: 'json' };

/**
 * Checks a document against schemas/stack-lock.schema.json; what is wrong stands in `errors`. The bundler puts ajv's standalone code in
 * the place of this module, so nothing else here may import ajv at run time.
 */
export const validateLock: ValidateFunction = new Ajv({ allErrors: true, strict: false, messages: false }).compile(schema);
