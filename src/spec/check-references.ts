import { nearest } from '../lib/nearest.ts';
import { get, names, type ByName } from '../lib/record.ts';
import { dependencyCycles } from './dependency-cycles.ts';
import type { Complete } from './complete.ts';
import type { Declared, DeclaredFile, DeclaredNetwork, DeclaredService, DeclaredVolume } from './declared.ts';
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
 * Checks what refers to what. Reports `undefined-service`, `-network`, `-volume`, `-secret`, `-config`, `inactive-service`,
 * `dependency-cycle`, `no-image` and what contradicts itself.
 */
export function checkReferences(referring: Referring): void {
  for (const [name, service] of Object.entries(referring.stack.services)) {
    checkService(name, service, referring);
    checkDependencies(name, service, referring);
    checkUses(name, service, referring);
  }
  checkResources(referring);
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

function checkService(name: string, service: DeclaredService, { markOf, report }: Referring): void {
  const at = (key: string) => markOf('services', name, key);
  if ((service.image ?? '') === '' && !service.build) {
    report({ code: 'no-image', message: `the service "${name}" has neither "image" nor "build"`, mark: markOf('services', name) });
  }
  const mode = service.network_mode ?? '';
  if (mode !== '' && names(service.networks ?? {}).length > 0) {
    report({ code: 'network-mode-and-networks', message: '"network_mode" and "networks" exclude each other', mark: at('network_mode') });
  }
  if (mode === 'bridge' || mode.startsWith('container:')) {
    report({ code: 'key-not-supported', message: `"${mode}" is not supported by this version yet`, mark: at('network_mode') });
  } else if (mode !== '' && mode !== 'host' && mode !== 'none' && !mode.startsWith('service:')) {
    report({
      code: 'unknown-value',
      message: `"network_mode" cannot be "${mode}"`,
      mark: at('network_mode'),
      hint: 'host, none or service:NAME; other networks stand under "networks"',
    });
  }
  const replicas = service.deploy?.replicas ?? 1;
  if (service.container_name !== undefined && replicas > 1) {
    const message = `${replicas} containers cannot all be called "${service.container_name}"`;
    report({ code: 'container-name-and-replicas', message, mark: at('container_name'), hint: 'remove container_name or deploy.replicas' });
  }
}

function checkDependencies(name: string, service: DeclaredService, referring: Referring): void {
  const all = referring.declared.services ?? {};
  for (const other of names(service.depends_on ?? {})) {
    const mark = dependencyMark(name, other, referring);
    const target = get(all, other);
    if (!target) undefinedName({ what: 'service', name: other, known: all, mark }, referring.report);
    else if (!get(referring.stack.services, other)) {
      const [profile = ''] = target.profiles ?? [];
      const message = `"${name}" needs the service "${other}", whose profile is not active`;
      const hint = `activate it with --profile ${profile}, or write "required: false"`;
      referring.report({ code: 'inactive-service', message, mark, hint });
    }
  }
}

/** Where a dependency is declared; one that follows from the network mode stands there. */
function dependencyMark(name: string, other: string, { declared, markOf }: Referring): Mark {
  const written = get(declared.services ?? {}, name)?.depends_on;
  return written && get(written, other) ? markOf('services', name, 'depends_on', other) : markOf('services', name, 'network_mode');
}

function checkUses(name: string, service: DeclaredService, { declared, markOf, report }: Referring): void {
  const networks = { default: {}, ...declared.networks };
  for (const network of names(service.networks ?? {})) {
    const mark = markOf('services', name, 'networks', network);
    if (!get(networks, network)) undefinedName({ what: 'network', name: network, known: networks, mark }, report);
  }
  for (const [i, { type, source = '' }] of (service.volumes ?? []).entries()) {
    const known = declared.volumes ?? {};
    const mark = markOf('services', name, 'volumes', String(i), 'source');
    if (type === 'volume' && source !== '' && !get(known, source)) undefinedName({ what: 'volume', name: source, known, mark }, report);
  }
  for (const what of ['secret', 'config'] as const) {
    const known = declared[`${what}s`] ?? {};
    for (const [i, { source }] of (service[`${what}s`] ?? []).entries()) {
      const mark = markOf('services', name, `${what}s`, String(i), 'source');
      if (!get(known, source)) undefinedName({ what, name: source, known, mark }, report);
    }
  }
}

interface Missing {
  readonly what: 'service' | 'network' | 'volume' | 'secret' | 'config';
  readonly name: string;
  readonly known: ByName<unknown>;
  readonly mark: Mark;
}

function undefinedName({ what, name, known, mark }: Missing, report: Report): void {
  const near = nearest(name, names(known));
  const hint = near === undefined ? `declare it under "${what}s" at the top of the file` : `did you mean "${near}"?`;
  report({ code: `undefined-${what}`, message: `there is no ${what} "${name}"`, mark, hint });
}

function checkResources(referring: Referring): void {
  const { networks = {}, volumes = {}, secrets = {}, configs = {} } = referring.declared;
  for (const [key, network] of Object.entries(networks)) checkExternal(['networks', key], network, referring);
  for (const [key, volume] of Object.entries(volumes)) checkExternal(['volumes', key], volume, referring);
  for (const [key, secret] of Object.entries(secrets)) checkSources(['secrets', key], secret, referring);
  for (const [key, config] of Object.entries(configs)) checkSources(['configs', key], config, referring);
}

function checkExternal(path: readonly string[], resource: DeclaredNetwork | DeclaredVolume, { markOf, report }: Referring): void {
  if (resource.external !== true) return;
  const extra = Object.keys(resource).find((each) => !['external', 'name'].includes(each) && !each.startsWith('x-'));
  if (extra === undefined) return;
  const message = `"external" and "${extra}" exclude each other: what exists already is not made`;
  report({ code: 'external-and-more', message, mark: markOf(...path, extra) });
}

function checkSources(path: readonly string[], { file, environment, content }: DeclaredFile, { markOf, report }: Referring): void {
  const [section = '', key = ''] = path;
  const count = [file, environment, content].filter((each) => each !== undefined).length;
  if (count === 1) return;
  const sources = section === 'secrets' ? 'file, environment' : 'file, environment, content';
  const message =
    count === 0 ? `"${key}" does not say where its content comes from` : `"${key}" takes its content from more than one source`;
  report({ code: 'one-source', message, mark: markOf(...path), hint: `exactly one of: ${sources}` });
}
