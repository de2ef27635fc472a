import { expect, it } from 'vitest';
import { logPrefix } from '../../src/render/log-prefix.ts';
import { createStyle, plainStyle } from '../../src/render/style.ts';

it('puts the lines of several programs side by side', () => {
  const line = logPrefix(['db-1', 'frontend-1'], plainStyle);
  expect(line('db-1', 'ready') + line('frontend-1', 'GET /')).toBe('db-1        | ready\nfrontend-1  | GET /\n');
});

it('gives each its own colour, and lets no program move the cursor', () => {
  const line = logPrefix(['a-1', 'b-1'], createStyle({ color: true }));
  expect(line('a-1', 'x\u001b[2Jy')).toBe('\u001b[36ma-1  | \u001b[39mxy\n');
  expect(line('b-1', 'z')).toBe('\u001b[33mb-1  | \u001b[39mz\n');
});
