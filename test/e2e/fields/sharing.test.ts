import { checkFields } from './check-fields.ts';
import { serviceText, type FieldRow, type Look } from './field-row.ts';

const mounts = ({ Mounts }: Look) => Mounts.map(({ Destination, RW }) => `${Destination} ${RW ? 'rw' : 'ro'}`).sort();

/** Without the names that Compose gives as well. */
const isDeclared = (link: string) => !/[:-]linked-1$/.test(link);

/** What a container has of other containers. */
const rows: readonly FieldRow[] = [
  {
    name: 'links',
    yaml: ['links: [linked, "linked:store"]\nexternal_links: ["PROJECT-outsider:far"]', 'links: ["linked:other"]', ''],
    without: ['network_mode'],
    beside: serviceText('linked', '', ['network_mode']),
    paths: {
      external_links: [['PROJECT-outsider:far'], undefined, undefined],
      links: [['linked:linked', 'linked:store'], ['linked:other'], undefined],
    },
    see: async ({ inside, NetworkSettings: { Networks } }) => [
      await inside('sh', '-c', 'for name in store other; do nslookup $name >/dev/null 2>&1 && echo $name; done'),
      Object.values(Networks).map(({ Links }) => ((Links ?? []) as string[]).filter(isDeclared)),
    ],
    seen: [
      ['store', [['PROJECT-linked-1:linked', 'PROJECT-linked-1:store', 'PROJECT-outsider:far']]],
      ['other', [['PROJECT-linked-1:other']]],
      ['', [[]]],
    ],
  },
  {
    name: 'links-on-bridge',
    yaml: [
      'network_mode: bridge\nexternal_links: ["PROJECT-outsider:far"]',
      'network_mode: bridge\nexternal_links: [PROJECT-outsider]',
      'network_mode: bridge',
    ],
    paths: { external_links: [['PROJECT-outsider:far'], ['PROJECT-outsider:PROJECT-outsider'], undefined] },
    see: ({ inside }) => inside('sh', '-c', 'grep -wo far /etc/hosts'),
    seen: ['far', '', ''],
  },
  {
    name: 'volumes-from',
    // The reference forgets ":ro"
    yaml: ['volumes_from: [source, "container:PROJECT-outsider"]', 'volumes_from: ["source:ro"]\nvolumes: ["data:/own"]', ''],
    beside: serviceText('source', 'volumes: ["/anon", "data:/data", "/tmp:/host:ro"]'),
    paths: {
      'volumes./own': [undefined, 'volume PROJECT_data', undefined],
      volumes_from: [['source', 'container:PROJECT-outsider'], ['source:ro'], undefined],
    },
    see: mounts,
    seen: [['/anon rw', '/data rw', '/host ro', '/outer rw'], ['/anon ro', '/data ro', '/host ro', '/own rw'], []],
  },
  {
    name: 'namespaces',
    yaml: [
      'pid: service:owner\nipc: service:owner\nnetwork_mode: service:owner',
      'pid: container:PROJECT-outsider\nipc: container:PROJECT-outsider\nnetwork_mode: container:PROJECT-outsider',
      '',
    ],
    beside: serviceText('owner', 'ipc: shareable'),
    paths: {
      ipc: ['service:owner', 'container:PROJECT-outsider', undefined],
      network_mode: ['service:owner', 'container:PROJECT-outsider', 'none'],
      pid: ['service:owner', 'container:PROJECT-outsider', undefined],
    },
    see: ({ inside, HostConfig: { PidMode, IpcMode } }) =>
      inside('sh', '-c', 'ps | grep -c "[s]leep"').then((count) => [count, PidMode === IpcMode, IpcMode?.startsWith('container:')]),
    seen: [
      ['2', true, true],
      ['2', true, true],
      ['1', false, false],
    ],
  },
];

checkFields({ rows, top: 'volumes: { data: }\n', outsider: true });
