import { programWord } from './unit-words.ts';
import type { UnitsOf } from './stack-units.ts';
import { stackUnits } from './stack-units.ts';
import type { Line, Unit } from './unit.ts';

interface Given {
  /** What the option onShutdown is unless it is set. */
  readonly onShutdown: boolean;
}

/** The same units as a NixOS module with options; one module for all stacks, as options can be declared once only. */
export function nixModule(stacks: readonly UnitsOf[], { onShutdown }: Given): string {
  const stackNames = stacks.map(({ stack }) => stack).join(', ');
  const units = stacks.flatMap((of) => stackUnits(of).map((unit) => ({ unit, node: programWord(of.node) })));
  const of = (part: Unit['part'], kind: 'service' | 'timer'): string =>
    units
      .filter(({ unit }) => unit.part === part && unit.name.endsWith(`.${kind}`))
      .map(({ unit, node }) => nixUnit(unit, node))
      .join('');
  return `# Made by stackctl units for: ${stackNames}. Name this file in "imports" of configuration.nix, and there:
#   services.stackctl.enable = true;
{ config, lib, pkgs, ... }:
let
  cfg = config.services.stackctl;
in
{
  options.services.stackctl = {
    enable = lib.mkEnableOption ${nixString(`stackctl for ${stackNames}`)};
${toggle('onBoot', true, 'Free the ports of the stacks before their engine starts.')}${toggle('onShutdown', onShutdown, 'Free the ports of the stacks after their engine has stopped.')}${toggle('drift', true, 'Look now and then whether somebody changed the machine.')}    node = lib.mkOption {
      type = lib.types.path;
      default = "\${pkgs.nodejs}/bin/node";
      defaultText = lib.literalExpression "\\"\\\${pkgs.nodejs}/bin/node\\"";
      description = "Node.js, 20.19 or newer, that runs stackctl.";
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services = lib.mkMerge [
      (lib.mkIf cfg.onBoot {
${of('boot', 'service')}      })
      (lib.mkIf cfg.onShutdown {
${of('shutdown', 'service')}      })
      (lib.mkIf cfg.drift {
${of('drift', 'service')}      })
    ];
    systemd.timers = lib.mkIf cfg.drift {
${of('drift', 'timer')}    };
  };
}
`;
}

const toggle = (name: string, initial: boolean, description: string): string => `    ${name} = lib.mkOption {
      type = lib.types.bool;
      default = ${initial};
      description = ${nixString(description)};
    };
`;

/** Any text as a Nix string. */
export const nixString = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('${', '\\${').replaceAll('\n', '\\n')}"`;

/** What NixOS has an option of its own for; a list of units there. */
const own = new Map([
  ['Before', 'before'],
  ['After', 'after'],
  ['WantedBy', 'wantedBy'],
]);

function nixUnit({ name, sections }: Unit, node: string): string {
  const [, base = '', kind = ''] = /^(.*)\.(service|timer)$/.exec(name) ?? [];
  const lines = (section: string): readonly Line[] => sections.find((each) => each.name === section)?.lines ?? [];
  const mixed = [...lines('Unit'), ...lines('Install')];
  const lists = mixed.flatMap(([key, value]) => (own.has(key) ? [`${own.get(key) ?? ''} = ${listOf(value.split(' '))};`] : []));
  const description = mixed.flatMap(([key, value]) => (key === 'Description' ? [`description = ${nixString(value)};`] : []));
  const rest = mixed.filter(([key]) => !own.has(key) && key !== 'Description');
  const config = kind === 'timer' ? lines('Timer') : lines('Service');
  return block(`        ${nixString(base)}`, [
    ...description,
    ...lists,
    ...(kind === 'service' ? ['path = [ pkgs.iproute2 ];'] : []),
    ...(rest.length === 0 ? [] : [block('unitConfig', attributes(rest, node)).trimEnd()]),
    block(`${kind}Config`, attributes(config, node)).trimEnd(),
  ]);
}

/** Keys that come several times become a list, as NixOS has it. */
const attributes = (lines: readonly Line[], node: string): string[] =>
  [...new Set(lines.map(([key]) => key))].map((key) => {
    const values = lines.filter(([each]) => each === key).map(([, value]) => withNode(key, value, node));
    return `${key} = ${values.length === 1 ? (values[0] ?? '') : `[ ${values.join(' ')} ]`};`;
  });

/** NixOS chooses its own Node. */
const withNode = (key: string, value: string, node: string): string =>
  key.startsWith('Exec') && value.startsWith(`${node} `)
    ? `"\${cfg.node}${nixString(value.slice(node.length)).slice(1)}`
    : nixString(value);

const listOf = (words: readonly string[]): string => `[ ${words.map(nixString).join(' ')} ]`;

const block = (head: string, inner: readonly string[]): string => {
  const indent = /^ */.exec(head)?.[0] ?? '';
  const body = inner.flatMap((each) => each.split('\n')).map((line) => `${indent}  ${line}\n`);
  return `${head} = {\n${body.join('')}${indent}};\n`;
};
