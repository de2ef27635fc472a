import type { Plan } from '../model/plan.ts';
import type { Invocation } from './command.ts';
import { styleOf } from './screen.ts';

/** The plan on stdout: for people, or with --json as data. */
export async function showPlan(plan: Plan, invocation: Invocation): Promise<void> {
  const { io, flags } = invocation;
  if (flags.json) {
    const [{ planJson }, { jsonText }] = await Promise.all([import('../render/plan-json.ts'), import('../render/json-text.ts')]);
    io.stdout.write(`${jsonText(planJson(plan), 2)}\n`);
    return;
  }
  const { planText } = await import('../render/plan-text.ts');
  io.stdout.write(planText(plan, { style: styleOf(invocation, io.stdout), verbose: flags.verbose }));
}
