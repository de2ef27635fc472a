import type { SeenImage } from './observed.ts';

/** Whether an image may be used where a platform is asked for, such as "linux/arm64"; what the image or the wish leaves out fits all. */
export function fitsPlatform({ platform: has }: Pick<SeenImage, 'platform'>, wanted: string | undefined): boolean {
  if (wanted === undefined || wanted === '' || has === undefined) return true;
  const [want, is] = [platformOf(wanted), platformOf(has)];
  return (want.os ?? is.os) === is.os && (want.machine ?? is.machine) === is.machine;
}

interface Platform {
  readonly os: string | undefined;
  /** Architecture with its variant, in one spelling. */
  readonly machine: string | undefined;
}

/** "OS", "ARCHITECTURE", "OS/ARCHITECTURE" or "OS/ARCHITECTURE/VARIANT", as containerd reads them. */
function platformOf(text: string): Platform {
  const [first = '', second, variant = ''] = text.toLowerCase().split('/');
  if (second !== undefined) return { os: first, machine: machineOf(second, variant) };
  return isSystem(first) ? { os: first, machine: undefined } : { os: undefined, machine: machineOf(first, '') };
}

const isSystem = (name: string): boolean => ['linux', 'windows', 'freebsd', 'darwin', 'wasi'].includes(name);

function machineOf(architecture: string, variant: string): string {
  const [name = architecture, usual = ''] = spellings[architecture] ?? [];
  const said = (variant || usual).replace(/^(?=\d)/, 'v');
  return [name, said === (defaults[name] ?? '') ? '' : said].filter((part) => part !== '').join('/');
}

/** Other names of architectures, with the variant that they mean. */
const spellings: Readonly<Record<string, readonly [name: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  i386: ['386'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/** The variant that an architecture has without saying so. */
const defaults: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };
