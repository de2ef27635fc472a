import type Docker from 'dockerode';

/** Runs a command as root with a volume at /volume, with GNU's tools and Perl. What it printed; throws if it does not end with 0. */
export async function inHelper(docker: Docker, volume: string, command: readonly string[]): Promise<string> {
  const container = await docker.createContainer({
    Image: 'stackctl/helper:1',
    Cmd: [...command],
    Tty: true,
    HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: '/volume' }] },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    const said = (await container.logs({ stdout: true, stderr: true })).toString('latin1');
    if (StatusCode !== 0) throw new Error(`the command in the volume ended with ${StatusCode}: ${said}`);
    return said;
  } finally {
    await container.remove({ force: true });
  }
}

/** Each entry with its facts, and what is in it: by GNU find and sha256sum, not by our own reader. Busybox prefers a find of its own. */
export const listing = (docker: Docker, volume: string): Promise<string> =>
  inHelper(docker, volume, [
    'sh',
    '-euc',
    `cd /volume
     /usr/bin/find . -type d -printf "%U:%G %m %y %T@ %n %p\\n" -o -printf "%U:%G %m %y %T@ %n %p %s %l\\n" | sort
     /usr/bin/find . -type f -exec sha256sum {} + | sort`,
  ]);
