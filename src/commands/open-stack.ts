import { randomBytes } from 'node:crypto';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { StackRequest } from '../spec/read-stack.ts';
import { chooseStack, type StackChoice } from './choose-stack.ts';
import type { Invocation } from './command.ts';
import { setUp, type Setup } from './setup.ts';

export interface OpenStack {
  readonly choice: StackChoice;
  readonly request: StackRequest;
  readonly setup: Setup;
}

/** Chooses the stack, reads it, finds the engine. `saved`: what a saved plan was made from, in place of the flags. */
export async function openStack(invocation: Invocation, saved?: Omit<StackRequest, 'environment' | 'cwd'>): Promise<Result<OpenStack, readonly Problem[]>> {
  const { io } = invocation;
  const choice = await chooseStack(invocation, saved ? { files: saved.files } : undefined);
  if (!choice.ok) return choice;
  const request: StackRequest = { vaultKey: randomBytes(16).toString('hex'), ...choice.value.stack, ...saved, environment: io.environment, cwd: io.cwd };
  const setup = await setUp({ stack: request, engine: choice.value.engine, environment: io.environment, stateDir: choice.value.stateDir });
  if (!setup.ok) return setup;
  if (setup.value.stack.missing.length > 0) return fail(setup.value.stack.missing);
  return ok({ choice: choice.value, request, setup: setup.value });
}

