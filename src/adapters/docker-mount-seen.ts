import { present } from '../lib/present.ts';
import type { Mount } from '../model/settings.ts';
import type { Answer } from './docker-answer.ts';

interface Asked {
  readonly asked: Answer | undefined;
  readonly bind: readonly string[];
}

/**
 * What was asked for of a bind mount, volume or image beside its place: from the request, which inspect answers show as it was. What is
 * mounted in the end also holds what the engine chose by itself, such as "rslave" for folders above its own.
 */
export function seenMountOptions(type: string, { asked, bind }: Asked): Partial<Mount> {
  const [ofBind, ofVolume, ofImage] = (['BindOptions', 'VolumeOptions', 'ImageOptions'] as const).map((key) => asked?.inside(key));
  const propagation = bind.find((word) => /^r?(private|shared|slave)$/.test(word)) ?? ofBind?.text('Propagation') ?? '';
  const subpath = (type === 'image' ? ofImage : ofVolume)?.text('Subpath') ?? '';
  const nocopy = bind.includes('nocopy') || ofVolume?.flag('NoCopy') === true;
  return present({
    propagation: propagation === '' || propagation === 'rprivate' ? undefined : propagation,
    selinux: (['z', 'Z'] as const).find((word) => bind.includes(word)),
    recursive: ofBind && seenRecursion(ofBind),
    nocopy: nocopy ? (true as const) : undefined,
    subpath: subpath === '' ? undefined : subpath,
  });
}

function seenRecursion(options: Answer): Mount['recursive'] {
  if (options.flag('NonRecursive')) return 'disabled';
  if (options.flag('ReadOnlyNonRecursive')) return 'writable';
  return options.flag('ReadOnlyForceRecursive') ? 'readonly' : undefined;
}
