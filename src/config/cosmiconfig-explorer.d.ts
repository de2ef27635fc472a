/** What cosmiconfig 9 does not declare of itself: the searcher behind its front door, see find-config.ts. */
declare module 'cosmiconfig/dist/Explorer.js' {
  import type { CosmiconfigResult, Loader } from 'cosmiconfig';

  interface ExplorerOptions {
    readonly moduleName: string;
    readonly searchPlaces: readonly string[];
    readonly loaders: { readonly [extension: string]: Loader };
    readonly searchStrategy: 'none' | 'project' | 'global';
    readonly ignoreEmptySearchPlaces: boolean;
    readonly cache: boolean;
    readonly metaConfigFilePath: null;
    readonly transform: (result: CosmiconfigResult) => CosmiconfigResult;
  }

  export const Explorer: new (options: ExplorerOptions) => { search(folder: string): Promise<CosmiconfigResult> };
}
