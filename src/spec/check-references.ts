import { nearest } from '../lib/nearest.ts';
import { get, names, type ByName } from '../lib/record.ts';
import { dependencyCycles } from './dependency-cycles.ts';
import type { Complete } from './complete.ts';
import { checkMounts } from './check-mounts.ts';
import { checkService } from './check-service.ts';
import type { Declared, DeclaredService } from './declared.ts';
import type { Report } from './finding.ts';
import type { Mark } from './mark.ts';

export interface Referring {
  /** All that the files declare, with inactive services. */
  readonly declared: Declared;
  readonly stack: Complete;
  /** Where the value at a path stands. */
  readonly markOf: (...path: readonly string[]) => Mark;
  readonly report: Report;
}

/**
 * Checks what refers to what. Reports `undefined-service`, `-network`, `-volume`, `-secret`, `-config`, `-model`, `inactive-service`,
 * `dependency-cycle`, and what check-service.ts finds.
 */
export function checkReferences(referring: Referring): void {
  for (const [name, service] of Object.entries(referring.stack.services)) {
    checkService(name, service, referring);
    checkMounts(name, service, referring);
    checkDependencies(name, service, referring);
    checkUses(name, service, referring);
  }
  for (const cycle of dependencyCycles(referring.stack.services)) {
    const [from = '', to = ''] = cycle;
    const names = cycle.join(' -> ');
    referring.report({
      code: 'dependency-cycle',
      message: `these services wait for each other: ${names}`,
      mark: dependencyMark(from, to, referring),
    });
  }
}

function checkDependencies(name: string, service: DeclaredService, referring: Referring): void {
  const all = referring.declared.services ?? {};
  for (const other of names(service.depends_on ?? {})) {
    const mark = () => dependencyMark(name, other, referring);
    const target = get(all, other);
    if (!target) undefinedName({ what: 'service', name: other, known: all, mark }, referring.report);
    else if (!get(referring.stack.services, other)) {
      const [profile = ''] = target.profiles ?? [];
      const message = `"${name}" needs the service "${other}", whose profile is not active`;
      const hint = `activate it with --profile ${profile}, or write "required: false"`;
      referring.report({ code: 'inactive-service', message, mark: mark(), hint });
    }
  }
}

/** Where a dependency is declared; one that follows from something else has the mark of that. */
const dependencyMark = (name: string, other: string, { markOf }: Referring): Mark => markOf('services', name, 'depends_on', other);

function checkUses(name: string, service: DeclaredService, { declared, markOf, report }: Referring): void {
  const networks = declared.networks ?? {};
  const models = declared.models ?? {};
  for (const model of names(service.models ?? {})) {
    const mark = () => markOf('services', name, 'models', model);
    if (!get(models, model)) undefinedName({ what: 'model', name: model, known: models, mark }, report);
  }
  for (const network of names(service.networks ?? {})) {
    const mark = () => markOf('services', name, 'networks', network);
    if (!get(networks, network)) undefinedName({ what: 'network', name: network, known: networks, mark }, report);
  }
  for (const [i, { type, source = '' }] of (service.volumes ?? []).entries()) {
    const known = declared.volumes ?? {};
    const mark = () => markOf('services', name, 'volumes', String(i), 'source');
    if (type === 'volume' && source !== '' && !get(known, source)) undefinedName({ what: 'volume', name: source, known, mark }, report);
  }
  for (const [i, { source }] of (service.build?.secrets ?? []).entries()) {
    const known = declared.secrets ?? {};
    const mark = () => markOf('services', name, 'build', 'secrets', String(i), 'source');
    if (!get(known, source)) undefinedName({ what: 'secret', name: source, known, mark }, report);
  }
  for (const what of ['secret', 'config'] as const) {
    const known = declared[`${what}s`] ?? {};
    for (const [i, { source }] of (service[`${what}s`] ?? []).entries()) {
      const mark = () => markOf('services', name, `${what}s`, String(i), 'source');
      if (!get(known, source)) undefinedName({ what, name: source, known, mark }, report);
    }
  }
}

interface Missing {
  readonly what: 'service' | 'network' | 'volume' | 'secret' | 'config' | 'model';
  readonly name: string;
  readonly known: ByName<unknown>;
  /** Looked up only when there is something to tell. */
  readonly mark: () => Mark;
}

function undefinedName({ what, name, known, mark }: Missing, report: Report): void {
  const near = nearest(name, names(known));
  const hint = near === undefined ? `declare it under "${what}s" at the top of the file` : `did you mean "${near}"?`;
  report({ code: `undefined-${what}`, message: `there is no ${what} "${name}"`, mark: mark(), hint });
}
