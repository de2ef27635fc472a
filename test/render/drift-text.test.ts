import { expect, it } from 'vitest';
import type { DriftFound } from '../../src/model/drift.ts';
import { driftJson } from '../../src/render/drift-json.ts';
import { driftText } from '../../src/render/drift-text.ts';
import { createStyle } from '../../src/render/style.ts';
import { plan } from './kit.ts';

const found: DriftFound = {
  drifts: [
    { of: 'network', name: 'shop_default', stands: 'gone', because: 'it was there, and is gone', fields: [], edited: false },
    {
      of: 'container',
      name: 'shop-db-1',
      service: 'db',
      id: 'a1',
      stands: 'up',
      because: 'it was changed outside the file',
      fields: [
        { path: 'restart', have: 'no', want: 'always', cause: 'drift', mend: 'update' },
        { path: 'environment.TOKEN', have: { sealed: 's', shown: '(sensitive)' }, cause: 'drift', mend: 'replace' },
      ],
      edited: true,
    },
  ],
  others: 2,
};
const style = createStyle({ color: false });

it('says one paragraph a resource, then what is left out', () => {
  expect(driftText(found, style)).toMatchInlineSnapshot(`
    "Fields: as it is now -> as it was applied.

    ! network "shop_default": it was there, and is gone
    ! container "shop-db-1" (service db): it was changed outside the file (and the file has changed too)
        ~ restart           = "no" -> "always"
        - environment.TOKEN = (sensitive)

    Drift: 2 resources.
    Not counted: 2 changes of the files, of an image, of what is mounted or of who holds a port; stackctl plan shows them.
    "
  `);
});

it('says that there is none', () => {
  expect(driftText({ drifts: [], others: 0 }, style)).toBe('No drift. The stack is as it was applied.\n');
  expect(driftText({ drifts: [], others: 1 }, style)).toContain('1 change of the files');
});

it('is data', () => {
  expect(driftJson(plan({}), found)).toMatchInlineSnapshot(`
    {
      "drift": [
        {
          "also_changed": false,
          "because": "it was there, and is gone",
          "fields": [],
          "name": "shop_default",
          "of": "network",
          "stands": "gone",
        },
        {
          "also_changed": true,
          "because": "it was changed outside the file",
          "fields": [
            {
              "applied": "always",
              "now": "no",
              "path": "restart",
            },
            {
              "now": {
                "sensitive": true,
              },
              "path": "environment.TOKEN",
            },
          ],
          "id": "a1",
          "name": "shop-db-1",
          "of": "container",
          "service": "db",
          "stands": "up",
        },
      ],
      "engine": "engine-1",
      "format_version": "1.0",
      "other_changes": 2,
      "problems": [],
      "stack": "shop",
    }
  `);
});
