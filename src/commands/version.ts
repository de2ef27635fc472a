import type { ExitCode, Invocation } from './command.ts';

/** The version of stackctl; the bundler puts it in place of the variable. */
export const stackctlVersion = (): string => process.env['STACKCTL_VERSION'] ?? 'development';

/** Prints which stackctl this is. */
export async function runVersion({ flags, io }: Pick<Invocation, 'flags' | 'io'>): Promise<ExitCode> {
  const version = stackctlVersion();
  const data = { format_version: '1.0', stackctl: version, node: process.versions.node, platform: `${process.platform}/${process.arch}` };
  io.stdout.write(flags.json ? `${JSON.stringify(data)}\n` : `stackctl ${version} (Node ${data.node}, ${data.platform})\n`);
  return Promise.resolve(0);
}
