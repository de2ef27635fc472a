import type { FieldDiff } from '../model/change.ts';
import type { Drift, DriftFound } from '../model/drift.ts';
import { countText } from './count-text.ts';
import { fieldLines } from './field-lines.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { quoted } from './visible.ts';

/** What has drifted, one paragraph a resource; what has changed otherwise is one line, because `plan` shows it. */
export function driftText({ drifts, others }: DriftFound, style: Style): string {
  const paragraphs = drifts.map((drift) => paragraph(drift, style));
  const ending = drifts.length === 0 ? 'No drift. The stack is as it was applied.' : `Drift: ${countText(drifts.length, 'resource')}.`;
  const legend = drifts.some(({ fields }) => fields.length > 0) ? [`${style.dim('Fields: as it is now -> as it was applied.')}\n\n`] : [];
  return [
    ...legend,
    ...paragraphs,
    ...(drifts.length > 0 ? ['\n'] : []),
    `${style.bold(ending)}\n`,
    ...(others > 0 ? [`${othersText(others)}\n`] : []),
  ].join('');
}

const othersText = (others: number): string =>
  `Not counted: ${countText(others, 'change')} of the files, of an image, of what is mounted or of who holds a port; stackctl plan shows ${others === 1 ? 'it' : 'them'}.`;

function paragraph({ of, name, service, because, fields, edited }: Drift, style: Style): string {
  const whose = service === undefined ? '' : ` (service ${sanitize(service)})`;
  const lines = [
    `${style.yellow('!')} ${of} ${quoted(name)}${whose}: ${sanitize(because)}${edited ? style.dim(' (and the file has changed too)') : ''}`,
    ...fieldLines(fields.map(alone), style).map((line) => (line === '' ? line : `    ${line}`)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** That it drifted goes without saying here, and what mending it takes is the plan's to say. */
const alone = ({ path, have, want }: FieldDiff): FieldDiff => ({
  path,
  ...(have !== undefined && { have }),
  ...(want !== undefined && { want }),
  cause: 'file',
  mend: 'update',
});
