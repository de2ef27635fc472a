import type { Referring } from './check-references.ts';
import type { DeclaredService } from './declared.ts';

/** Reports `mounted-twice`: two things in one place of a container. */
export function checkMounts(name: string, service: DeclaredService, { markOf, report }: Referring): void {
  const at = (...path: readonly string[]) => markOf('services', name, ...path);
  const mounts = [
    ...(service.tmpfs ?? []).map((text, i) => [text.split(':')[0] ?? '', () => at('tmpfs', String(i))] as const),
    ...(service.volumes ?? []).map(({ target }, i) => [target, () => at('volumes', String(i))] as const),
  ];
  const seen = new Set<string>();
  for (const [target, mark] of mounts) {
    if (seen.has(target)) report({ code: 'mounted-twice', message: `something is mounted at "${target}" already`, mark: mark() });
    seen.add(target);
  }
}
