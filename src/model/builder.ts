/** What an engine builds images with. */
export type Builder = 'buildkit' | 'classic';

/** For messages: "this needs …". */
export const whoHasBuildKit = 'BuildKit: Docker 23 or newer, or "features": {"buildkit": true} in the daemon.json of an older one';

/** What of a build only BuildKit has, for messages: "the build is given …"; undefined: nothing. */
export function givenByBuildKit({ secrets, ssh }: { readonly secrets?: unknown; readonly ssh?: unknown }): string | undefined {
  const given = [...(secrets ? ['secrets'] : []), ...(ssh ? ['SSH keys'] : [])];
  return given.length === 0 ? undefined : given.join(' and ');
}

/** Whether an engine fetches itself what it builds from: anything but a folder of this machine. */
export const isRemoteContext = (context: string): boolean => !context.startsWith('/');

/** Whether BuildKit can connect the steps of a build so; to any other network only the classic builder can. */
export const isNetworkOfBuildKit = (network: string | undefined): boolean => ['', 'default', 'host', 'none'].includes(network ?? '');
