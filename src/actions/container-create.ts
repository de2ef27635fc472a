import { fromEntries, get, mapValues, omit, put, type ByName } from '../lib/record.ts';
import { effective } from '../model/effective.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { ContainerOrder } from '../platform/engine.ts';
import { callMs, idOf, mismatch, recall, touch, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { unknownImage } from './image-pull.ts';
import { imagesOf, mountedImages, pinnedMounts } from '../model/images-of.ts';
import { writableVolumes } from '../model/writable-volumes.ts';

type CreateArgs = Omit<ContainerOrder, 'owner' | 'joins' | 'imageId' | 'mountedImages'> & {
  readonly stack: string;
  /** Names of the containers that it shares something with, by what its settings call them: "service:db", "container:store". */
  readonly joins?: ByName<string>;
  /** Volumes that it can write to by way of another container. */
  readonly borrows?: readonly string[];
};

interface RemoveArgs extends ContainerRef {
  /** Stopped first, for a container that may still run when it is walked back. */
  readonly stopFirst?: boolean;
}

export const containerCreate: ActionKind<CreateArgs> = defineAction<CreateArgs>('container.create', {
  symbol: '+',
  target: ({ name }) => name,
  label: (args) => `create container ${args.name} from ${args.settings.image}`,
  makesFrom: sourceOf,
  mounts: ({ settings, borrows = [] }) => [...writableVolumes(settings), ...borrows],
  timeoutMs: () => callMs,
  touches: ({ name, settings, image, joins = {} }) => [
    recall('container', name),
    ...imagesOf({ settings, pinned: image }).map((each) => recall('image', each)),
    // Whether the reference means just this image may have changed meanwhile
    ...(image === undefined ? [] : [touch('image', settings.image)]),
    ...Object.values(joins).map((peer) => recall('container', peer)),
  ],
  guard({ name, settings, image: pinned, joins = {} }, now) {
    if (get(now.containers, name) || get(now.others, name)) return `the name ${name} is taken`;
    const image = imagesOf({ settings, pinned }).find((each) => !get(now.images, each));
    if (image !== undefined) return `image ${image} is not here`;
    const missing = Object.values(joins).find((peer) => peerId(peer, now) === undefined);
    return missing === undefined ? undefined : `container ${missing}, with which it shares, is not there`;
  },
  simulate: (args, now, run) => ({ ...now, containers: put(now.containers, args.name, madeOf(args, now, run)) }),
  undo: ({ name }) => containerRemove({ name, stopFirst: true }),
  async run(args, { engine, now, run, signal, remember }) {
    const { stack, joins, borrows: _borrows, image: _pinned, ...order } = args;
    const peers = joins && { joins: mapValues(joins, (peer) => peerId(peer, now) ?? peer) };
    const image = get(now.images, sourceOf(args)) ?? unknownImage(sourceOf(args));
    const made = { ...order, ...peers, ...exactly(args, now), imageId: image.id, mountedImages: mountedIds(args, now) };
    const id = await engine.createContainer({ ...made, owner: { stack, run } }, signal);
    remember({ ...now, containers: put(now.containers, args.name, { ...madeOf(args, now, run), id }) });
  },
});

export const containerRemove: ActionKind<RemoveArgs> = defineAction<RemoveArgs>('container.remove', {
  symbol: '-',
  target: ({ name }) => name,
  label: ({ name }) => `remove container ${name}`,
  timeoutMs: ({ stopFirst }) => (stopFirst ? 2 * callMs : callMs),
  touches: ({ name }) => [touch('container', name)],
  guard(args, now, run) {
    const running = get(now.containers, args.name)?.state.status === 'running';
    return mismatch(args, now, run) ?? (running && !args.stopFirst ? `container ${args.name} is running` : undefined);
  },
  simulate: ({ name }, now) => ({ ...now, containers: omit(now.containers, name) }),
  undo: ({ name }) => ({ lost: `container ${name}` }),
  async run(args, { engine, now, signal }) {
    const id = idOf(args, now);
    if (args.stopFirst) await engine.stopContainer(id, signal);
    await engine.removeContainer(id, signal);
  },
});

/** Of the stack or not: nothing is done to it. */
const peerId = (name: string, now: Observed): string | undefined => (get(now.containers, name) ?? get(now.others, name))?.id;

function sourceOf({ image, settings }: Pick<CreateArgs, 'image' | 'settings'>): string {
  return image ?? settings.image;
}

/** A pinned image by the name that the person wrote, where that means just this one: people and Compose know it by that. */
function exactly({ image, settings }: CreateArgs, { images }: Observed): Pick<ContainerOrder, 'image'> {
  if (image === undefined || get(images, settings.image)?.id === get(images, image)?.id) return {};
  return { image };
}

/** The container as the engine will show it, under an id that says that nobody knows it yet. */
function madeOf(args: CreateArgs, now: Observed, run: string): SeenContainer {
  const image = get(now.images, sourceOf(args)) ?? unknownImage(sourceOf(args));
  const { networks, ...settings } = effective(args.settings, image.defaults);
  const volumes = pinnedMounts(settings.volumes ?? [], mountedIds(args, now));
  const attached = mapValues(networks ?? {}, ({ aliases }, name) => ({ aliases, id: get(now.networks, name)?.id ?? `made:${name}` }));
  return {
    id: `made:${args.name}:${run}`,
    name: args.name,
    service: args.service,
    number: args.number,
    imageId: image.id,
    settings: { ...settings, ...(settings.volumes && { volumes }), ...(networks && { networks: attached }) },
    state: { status: 'created', exitCode: 0, oomKilled: false, error: '', restartCount: 0, startedAt: '', finishedAt: '' },
    anonymous: args.inherits,
    files: args.files,
    workingDir: args.workingDir,
    run,
    edited: [],
  };
}

const mountedIds = ({ settings }: CreateArgs, { images }: Observed) =>
  fromEntries(mountedImages(settings).map((image) => [image, (get(images, image) ?? unknownImage(image)).id] as const));
