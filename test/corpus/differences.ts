export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Where two models differ, with the tolerances of the corpus: key order, null commands, empty blocks. */
export function differences(expected: unknown, got: unknown, path: readonly string[] = []): Difference[] {
  if (Object.is(expected, got) || isTolerated(path, expected, got)) return [];
  if (Array.isArray(expected) && Array.isArray(got)) {
    const [before, after] = [expected as unknown[], got as unknown[]];
    return Array.from({ length: Math.max(before.length, after.length) }, (_, i) => i).flatMap((i) =>
      differences(before[i], after[i], [...path, String(i)]),
    );
  }
  if (isRecord(expected) && isRecord(got)) {
    const value = (record: Record<string, unknown>, key: string) => (Object.hasOwn(record, key) ? record[key] : undefined);
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return keys.flatMap((key) => differences(value(expected, key), value(got, key), [...path, key]));
  }
  return [{ path: path.join('.'), expected, got }];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function isTolerated(path: readonly string[], expected: unknown, got: unknown): boolean {
  const [top = '', , key = '', inner = '', last = ''] = path;
  const either = (test: (value: unknown) => boolean, other: unknown) =>
    (test(expected) && got === other) || (test(got) && expected === other);
  if (top === 'services' && path.length === 3 && (key === 'command' || key === 'entrypoint'))
    return either((value) => value === null, undefined);
  if (top === 'services' && path.length === 4 && key === 'networks') return either(isEmpty, null);
  const mayBeEmpty =
    (top === 'networks' && path.length === 3 && key === 'ipam') ||
    (top === 'services' && path.length === 4 && key === 'deploy' && ['placement', 'resources'].includes(inner)) ||
    (top === 'services' && path.length === 5 && key === 'volumes' && ['bind', 'volume', 'tmpfs', 'image'].includes(last));
  return mayBeEmpty && either(isEmpty, undefined);
}
