import { some } from '../lib/present.ts';
import type { Settings } from '../model/settings.ts';
import { linkOf } from '../model/shares.ts';
import type { DeclaredService } from './declared.ts';

/** The volumes of other containers that a service has, and those that it is linked to; the namespaces stand by their own keys. */
export const sharingOf = ({ volumes_from = [], links = [], external_links = [] }: DeclaredService) =>
  ({
    volumes_from: some(volumes_from.map((text) => text.replace(/:rw$/, ''))),
    links: some(linkTexts(links)),
    external_links: some(linkTexts(external_links)),
  }) satisfies { readonly [field in keyof Settings]?: unknown };

const linkTexts = (texts: readonly string[]): string[] =>
  [...new Set(texts.map(linkOf).map(({ name, alias }) => `${name}:${alias}`))].sort();
