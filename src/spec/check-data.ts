import type { Complete } from './complete.ts';
import { declaredData, distinctOwners, ownerKind, type DeclaredData } from './data-users.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

type MarkOf = (...path: readonly string[]) => Mark;

/** Reports `ambiguous-owner`, `two-data-options`, `data-options-misplaced`: what nobody could act on of what is declared of files in volumes. */
export function checkData(stack: Complete, markOf: MarkOf): Finding[] {
  const all = declaredData(stack);
  return [
    ...misplaced(stack, markOf),
    ...all.flatMap((data) => ambiguous(data, stack, markOf)),
    ...all.flatMap((data, i) => contradiction(data, all.slice(0, i), markOf)),
  ];
}

/** A volume is the same for all who mount it, so its files are spoken of where it is declared. */
const misplaced = ({ services }: Complete, markOf: MarkOf): Finding[] =>
  Object.entries(services).flatMap(([name, { volumes = [] }]) =>
    volumes.flatMap(({ type, source = '', 'x-stack': options }, i): Finding[] => {
      if (type === 'bind' || Object.keys(options ?? {}).length === 0) return [];
      const mark = markOf('services', name, 'volumes', String(i), 'x-stack');
      const isNamed = type === 'volume' && source !== '';
      const message = isNamed
        ? `what is declared of the files of volume "${source}" stands at the volume`
        : `"x-stack" can be given to folders of the host only, not to ${type === 'volume' ? 'a volume without a name' : `a mount of type ${type}`}`;
      return [{ code: 'data-options-misplaced', message, mark, ...(isNamed && { hint: `put it under volumes.${source}.x-stack` }) }];
    }),
  );

function ambiguous(data: DeclaredData, stack: Complete, markOf: MarkOf): Finding[] {
  const [first, second] = distinctOwners(data, stack);
  if (first === undefined || second === undefined) return [];
  const { owner = '' } = data.options;
  const why =
    ownerKind(data.options) === 'names'
      ? `"${owner}" is looked up in an image, but ${first} and ${second}, which both mount it, have different ones`
      : `"${owner}" is nobody in particular: ${first} and ${second}, which both mount it, may run as different users`;
  return [
    {
      code: 'ambiguous-owner',
      message: why,
      mark: markOf(...data.path, 'owner'),
      hint: 'give the ids: "1000:1000"',
    },
  ];
}

/** The same folder, and another wish. */
function contradiction(data: DeclaredData, before: readonly DeclaredData[], markOf: MarkOf): Finding[] {
  const other = before.find(({ kind, source }) => kind === data.kind && source === data.source);
  if (!other || JSON.stringify(other.options) === JSON.stringify(data.options)) return [];
  const message = `${other.path[1] ?? ''} declares something else of the files in ${data.source}`;
  return [{ code: 'two-data-options', message, mark: markOf(...data.path), hint: 'declare it at one of the two, or the same at both' }];
}
