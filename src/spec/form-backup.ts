import { listOf, mapOf } from './form-collections.ts';
import { dataForms } from './form-data.ts';
import { hook } from './form-service.ts';
import { flag, kept, natural, text, type Form } from './form-values.ts';

/** `x-stack` of a volume. */
export const volumeOptions: Form = mapOf({
  ...dataForms,
  prevent_destroy: flag,
  backup: mapOf({
    before: listOf(text),
    keep: kept(natural),
    quiesce: text,
    service: text,
    pre: listOf(hook),
    post: listOf(hook),
  }),
});
