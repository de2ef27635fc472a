import { randomBytes } from 'node:crypto';
import { withTimeouts } from '../config/with-timeouts.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { StackRequest } from '../spec/read-stack.ts';
import { chooseStack, type StackChoice } from './choose-stack.ts';
import type { Invocation } from './command.ts';
import type { SavedPlan } from './plan-file.ts';
import { withApiSocket } from './with-api-socket.ts';
import { withScale } from './with-scale.ts';
import { setUp, type Setup } from './setup.ts';

export interface OpenStack {
  readonly choice: StackChoice;
  readonly request: StackRequest;
  readonly setup: Setup;
}

/** Chooses the stack, reads it, finds the engine. `source`: what a saved plan was made from, in place of the flags. */
export async function openStack(invocation: Invocation, source?: SavedPlan['source']): Promise<Result<OpenStack, readonly Problem[]>> {
  const { io, flags } = invocation;
  const choice = await chooseStack(source ? { io, flags: { ...flags, file: source.files } } : invocation);
  if (!choice.ok) return choice;
  const { engine, settings, warnings } = choice.value;
  const request: StackRequest = { vaultKey: randomBytes(16).toString('hex'), ...choice.value.stack, ...source };
  const setup = await setUp({ stack: request, engine, environment: io.environment, stateDir: settings.stateDir.value });
  if (!setup.ok) return setup;
  const { stack } = setup.value;
  if (stack.missing.length > 0) return fail([...stack.missing, ...stack.warnings]);
  const desired = withScale({ ...withTimeouts(stack.desired, settings), helperImage: settings.helperImage.value }, flags.scale);
  if (!desired.ok) return desired;
  const able = await withApiSocket(desired.value, setup.value, invocation.cancel);
  if (!able.ok) return able;
  const whole = { ...stack, desired: able.value, warnings: [...warnings, ...stack.warnings] };
  return ok({ choice: choice.value, request, setup: { ...setup.value, stack: whole } });
}
