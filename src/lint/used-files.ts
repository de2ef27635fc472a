import { servicesOf, type Linted } from './linted.ts';

/** The secrets or configs that a service is given, or that the build of its image uses. */
export function usedFiles(linted: Linted, section: 'secrets' | 'configs'): string[] {
  return servicesOf(linted).flatMap(({ said }) => {
    const ofBuild = section === 'secrets' && said.build && 'secrets' in said.build ? said.build.secrets : [];
    return [...(said[section] ?? []).map(({ source }) => source), ...(Array.isArray(ofBuild) ? ofBuild.map(sourceOf) : [])];
  });
}

const sourceOf = (use: unknown): string => (typeof use === 'object' && use !== null && 'source' in use ? String(use.source) : String(use));
