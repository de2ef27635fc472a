/** What an engine builds images with. */
export type Builder = 'buildkit' | 'classic';

/** For messages: "this needs …". */
export const whoHasBuildKit = 'BuildKit: Docker 23 or newer, or "features": {"buildkit": true} in the daemon.json of an older one';

/** Whether BuildKit can connect the steps of a build so; to any other network only the classic builder can. */
export const isNetworkOfBuildKit = (network: string | undefined): boolean => ['', 'default', 'host', 'none'].includes(network ?? '');
