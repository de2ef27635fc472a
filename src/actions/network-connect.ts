import { fromEntries, get } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';
import type { Attachment } from '../model/settings.ts';
import { callMs, idOf, lasting, mismatch, touch, withContainer, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface ConnectArgs extends ContainerRef {
  readonly network: string;
  readonly attachment: Attachment;
}

interface DisconnectArgs extends ContainerRef {
  readonly network: string;
}

export const networkConnect: ActionKind<ConnectArgs> = defineAction<ConnectArgs>('network.connect', {
  symbol: '+',
  target: ({ name, network }) => `${name} to ${network}`,
  label: ({ name, network }) => `connect container ${name} to network ${network}`,
  timeoutMs: () => callMs,
  touches: ({ name, network }) => [touch('container', name), touch('network', network)],
  guard: mismatch,
  simulate: ({ name, network, attachment }, now) =>
    withContainer(name, now, (seen) => {
      const id = get(now.networks, network)?.id;
      const attached: Attachment = { ...attachment, ...(id !== undefined && { id }) };
      return { ...seen, settings: { ...seen.settings, networks: { ...seen.settings.networks, [network]: attached } } };
    }),
  undo: (args, before) =>
    attachmentOf(args, before) ? 'not-needed' : networkDisconnect({ ...lasting(args, before), network: args.network }),
  run: (args, { engine, now, signal }) =>
    engine.connectNetwork({ network: args.network, container: idOf(args, now), attachment: args.attachment }, signal),
});

export const networkDisconnect: ActionKind<DisconnectArgs> = defineAction<DisconnectArgs>('network.disconnect', {
  symbol: '-',
  target: ({ name, network }) => `${name} from ${network}`,
  label: ({ name, network }) => `disconnect container ${name} from network ${network}`,
  timeoutMs: () => callMs,
  touches: ({ name, network }) => [touch('container', name), touch('network', network)],
  guard: mismatch,
  simulate: ({ name, network }, now) =>
    withContainer(name, now, (seen) => ({
      ...seen,
      settings: {
        ...seen.settings,
        networks: fromEntries(Object.entries(seen.settings.networks ?? {}).filter(([key]) => key !== network)),
      },
    })),
  undo(args, before) {
    const attachment = attachmentOf(args, before);
    return attachment ? networkConnect({ ...lasting(args, before), network: args.network, attachment }) : 'not-needed';
  },
  run: (args, { engine, now, signal }) =>
    engine.disconnectNetwork({ network: args.network, container: idOf(args, now), attachment: { aliases: [] } }, signal),
});

const attachmentOf = ({ name, network }: DisconnectArgs, now: Observed): Attachment | undefined =>
  get(get(now.containers, name)?.settings.networks ?? {}, network);
