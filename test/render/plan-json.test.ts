import { expect, it } from 'vitest';
import { planJson } from '../../src/render/plan-json.ts';
import { bringUp, change, field, plan } from './kit.ts';

const sample = plan({
  changes: [
    change({
      interrupts: 'stops shop-web-1',
      fields: [
        field('environment.TOKEN', { have: { sealed: 'seal-1', shown: '(sensitive)' }, want: { sealed: 'seal-2', shown: '(sensitive)' } }),
        field('command', { want: ['a', { sealed: 'seal-3', shown: 'postgres://x:(sensitive)@y' }] }),
        field('image', { have: 'a', want: '(known after pull)', pending: true, cause: 'image' }),
      ],
    }),
  ],
  steps: bringUp('web').slice(0, 2),
  problems: [
    { code: 'x', severity: 'warning', message: 'm', at: { file: 'f', line: 1, column: 2, source: 'password: 1', length: 3 }, hint: 'h' },
  ],
});

it('is a document with a version, in snake_case', () => {
  expect(planJson(sample)).toMatchInlineSnapshot(`
    {
      "changes": [
        {
          "because": "the file changed",
          "cause": "file",
          "fields": [
            {
              "after": {
                "sensitive": true,
              },
              "before": {
                "sensitive": true,
              },
              "cause": "file",
              "forces_replacement": true,
              "path": "environment.TOKEN",
            },
            {
              "after": [
                "a",
                {
                  "sensitive": true,
                },
              ],
              "cause": "file",
              "forces_replacement": true,
              "path": "command",
            },
            {
              "after": "(known after pull)",
              "before": "a",
              "cause": "image",
              "forces_replacement": true,
              "path": "image",
              "pending": true,
            },
          ],
          "interrupts": "stops shop-web-1",
          "name": "shop-web-1",
          "of": "container",
          "service": "web",
          "verb": "replace",
        },
      ],
      "engine": "engine-1",
      "format_version": "1.0",
      "problems": [
        {
          "at": {
            "column": 2,
            "file": "f",
            "line": 1,
          },
          "code": "x",
          "hint": "h",
          "message": "m",
          "severity": "warning",
        },
      ],
      "rollback_timeout_ms": 600000,
      "stack": "shop",
      "steps": [
        {
          "after": [],
          "because": "it is not there yet",
          "id": "container.create shop-web-1",
          "label": "create container shop-web-1 from nginx:2",
          "on_failure": "rollback",
          "service": "web",
          "stage": "build",
        },
        {
          "after": [
            "container.create shop-web-1",
          ],
          "because": "it is not there yet",
          "id": "container.start shop-web-1",
          "label": "start container shop-web-1",
          "on_failure": "rollback",
          "service": "web",
          "stage": "build",
        },
      ],
      "summary": {
        "add": 1,
        "backup": 0,
        "change": 0,
        "destroy": 1,
        "end": 0,
        "restore": 0,
      },
      "timeout_ms": 600000,
    }
  `);
});

it('holds no seal and no line of a file, and is plain data', () => {
  const text = JSON.stringify(planJson(sample));
  expect(text).not.toMatch(/seal-|password|settings/);
  expect(JSON.parse(text)).toEqual(planJson(sample));
});
