import type { DeclaredService } from './declared.ts';
import { contentOf, type Files } from './file-answer.ts';
import { hostPath } from './host-paths.ts';

/** What relative paths start from, and what "~" stands for. */
interface Around {
  readonly directory: string;
  readonly lookup: (name: string) => string | undefined;
}

/** An entry of `security_opt` that brings a seccomp profile: in a file, or written out. */
export interface ProfileUse {
  /** Of the entry in its list. */
  readonly index: number;
  readonly path?: string;
  readonly inline?: string;
}

/** The profiles that a service names; "unconfined" and "builtin" are the engine's own. As the reference reads it, ":" is "=" too. */
export function profileUses({ security_opt = [] }: DeclaredService, { directory, lookup }: Around): ProfileUse[] {
  return security_opt.flatMap((text, index): ProfileUse[] => {
    const value = /^seccomp[=:]([^]*)$/.exec(text)?.[1];
    if (value === undefined || value === 'unconfined' || value === 'builtin') return [];
    if (/^\s*\{/.test(value)) return [{ index, inline: value }];
    return [{ index, path: hostPath(value, { directory, home: lookup('HOME') ?? '/' }) }];
  });
}

/** The profile as the engine gets it: the last one that is named. Undefined: none, or nothing that can be read. */
export function profileOf(service: DeclaredService, { files, ...around }: Around & { readonly files: Files }): string | undefined {
  const texts = profileUses(service, around).map(({ path, inline }) => (path === undefined ? inline : contentOf(files, path)));
  const text = texts.at(-1);
  return text !== undefined && isProfile(text) ? compact(text) : undefined;
}

/** Whether a text is a JSON object; what stands in it is the engine's to judge. */
export function isProfile(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Without white space, as the reference sends it. Not read and written anew: JavaScript would round large numbers. */
const compact = (json: string): string => json.replaceAll(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
