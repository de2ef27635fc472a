import type { ToolSettings } from '../config/tool-settings.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../render/progress.ts';
import type { Invocation } from './command.ts';
import { styleOf } from './screen.ts';

type Kind = 'tty' | 'plain' | 'json' | 'quiet';

/** The view of a run that fits the output: a live list on a terminal, plain lines without one, NDJSON with --json. */
export async function progressFor(plan: Plan, wish: ToolSettings['progress']['value'], invocation: Invocation): Promise<Progress> {
  const { io } = invocation;
  const style = styleOf(invocation, io.stderr);
  switch (kindOf(wish, invocation)) {
    case 'tty': {
      const { listrProgress } = await import('../render/progress-listr.ts');
      invocation.screen.onInterrupt = '';
      const progress = listrProgress(plan, { stream: process.stderr, style, cancel: invocation.cancel });
      return { ...progress, shown: () => progress.shown().finally(() => delete invocation.screen.onInterrupt) };
    }
    case 'plain': {
      const { linesProgress } = await import('../render/progress-lines.ts');
      return linesProgress({
        write: (text) => {
          io.stderr.write(text);
        },
        style,
      });
    }
    case 'json': {
      const { jsonProgress } = await import('../render/progress-json.ts');
      return jsonProgress({
        write: (text) => {
          io.stdout.write(text);
        },
        version: process.env['STACKCTL_VERSION'] ?? '',
      });
    }
    case 'quiet': {
      const { quietProgress } = await import('../render/progress-quiet.ts');
      return quietProgress();
    }
  }
}

function kindOf(wish: ToolSettings['progress']['value'], { flags, io }: Invocation): Kind {
  if (flags.json) return 'json';
  if (wish !== 'auto') return wish;
  return io.stderr.isTTY && canRedraw() && io.environment['TERM'] !== 'dumb' && !io.environment['CI'] ? 'tty' : 'plain';
}

/** Some terminals say 0 when they do not know how wide they are; listr2 (9.0.5) then draws nothing, and asks the standard output. */
const canRedraw = (): boolean => process.stderr.columns !== 0 && process.stdout.columns !== 0;
