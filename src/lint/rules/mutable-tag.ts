import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const mutableTag: Rule = {
  id: 'mutable-tag',
  severity: 'warning',
  finds: 'an image without a tag, or with one that moves: latest, main, edge, stable …',
  reason: 'The same file means another image tomorrow, and nobody can go back to the one of yesterday.',
  fix: 'name a version, such as postgres:16.4, or a digest',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) => {
      const image = said.image ?? '';
      const why = said.build || image === '' ? undefined : whyMutable(image);
      return why === undefined
        ? []
        : [{ message: `the image of ${name}, ${image}, ${why}`, path: ['services', name, 'image'], service: name }];
    }),
};

const moving = new Set(
  `latest stable edge nightly main master dev develop devel canary rolling next unstable mainline lts current release beta alpha
   preview snapshot testing trunk head`.split(/\s+/),
);

function whyMutable(image: string): string | undefined {
  if (image.includes('@')) return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return 'has no tag, which means latest';
  const parts = tag.toLowerCase().split(/[-_.]/);
  // "main-3f2a1c9" and "stable-7.2" name a build or a version
  return parts.some((part) => moving.has(part)) && !/\d/.test(tag) ? `has the tag "${tag}", which moves` : undefined;
}
