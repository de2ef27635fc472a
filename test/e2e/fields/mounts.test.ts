import { checkFields } from './check-fields.ts';
import { type FieldRow, type Look } from './field-row.ts';

const mib = 1024 * 1024;
const mounted = ({ Mounts }: Look) =>
  Mounts.map(({ Type, Name, Destination, RW }) => `${Type} ${Name ?? ''} ${Destination} ${RW ? 'rw' : 'ro'}`).sort();

/** What is mounted into a container: volumes, host folders, memory; and secrets and configs, which are mounts or put into it. */
const rows: readonly FieldRow[] = [
  {
    name: 'volume-named',
    yaml: ['volumes: ["data:/data"]', 'volumes: ["data:/data:ro", "more:/more"]', ''],
    paths: {
      'volumes./data': ['volume PROJECT_data', 'volume PROJECT_data (read-only)', undefined],
      'volumes./more': [undefined, 'volume PROJECT_more', undefined],
    },
    see: mounted,
    seen: [['volume PROJECT_data /data rw'], ['volume PROJECT_data /data ro', 'volume PROJECT_more /more rw'], []],
  },
  {
    name: 'volume-long',
    yaml: [
      'volumes: [{ type: volume, source: data, target: /one }]',
      'volumes: [{ type: volume, source: data, target: /two, read_only: true }]',
      '',
    ],
    paths: {
      'volumes./one': ['volume PROJECT_data', undefined, undefined],
      'volumes./two': [undefined, 'volume PROJECT_data (read-only)', undefined],
    },
    see: mounted,
    seen: [['volume PROJECT_data /one rw'], ['volume PROJECT_data /two ro'], []],
  },
  {
    name: 'volume-external',
    yaml: ['volumes: ["outside:/out"]', 'volumes: ["outside:/out:ro"]', ''],
    paths: { 'volumes./out': ['volume PROJECT-outside', 'volume PROJECT-outside (read-only)', undefined] },
    see: mounted,
    seen: [['volume PROJECT-outside /out rw'], ['volume PROJECT-outside /out ro'], []],
  },
  {
    name: 'volume-anonymous',
    // Without the last: nothing leaves the data of an anonymous volume behind (test/e2e/volumes/guards.test.ts)
    yaml: ['volumes: [/first]', 'volumes: [/first, /second]'],
    paths: {
      'volumes./first': ['anonymous volume', 'anonymous volume'],
      'volumes./second': [undefined, 'anonymous volume'],
    },
    see: ({ Mounts }) => Mounts.map(({ Destination }) => Destination).sort(),
    seen: [['/first'], ['/first', '/second']],
  },
  {
    name: 'bind',
    yaml: ['volumes: ["./made:/bound"]', 'volumes: ["./other:/bound:ro"]', ''],
    paths: { 'volumes./bound': ['bind FOLDER/made', 'bind FOLDER/other (read-only)', undefined] },
    see: ({ HostConfig, Mounts }) => [HostConfig.Binds?.length ?? 0, Mounts[0]?.Source ?? ''],
    seen: [
      [1, 'FOLDER/made'],
      [1, 'FOLDER/other'],
      [0, ''],
    ],
  },
  {
    name: 'bind-long',
    yaml: [
      'volumes: [{ type: bind, source: ., target: /bound, read_only: true }]',
      'volumes: [{ type: bind, source: ./rich, target: /bound, bind: { create_host_path: true } }]',
      '',
    ],
    paths: { 'volumes./bound': ['bind FOLDER (read-only)', 'bind FOLDER/rich', undefined] },
    see: ({ inside }) => inside('sh', '-c', 'ls /bound/Dockerfile /bound/compose.yaml 2>/dev/null'),
    seen: ['/bound/compose.yaml', '/bound/Dockerfile', ''],
  },
  {
    name: 'mount-options',
    yaml: [
      'volumes: ["data:/data:nocopy", { type: bind, source: ., target: /bound, bind: { recursive: disabled } }]',
      'volumes: ["data:/data", { type: bind, source: ., target: /bound, bind: { selinux: z, create_host_path: true } }]',
      'volumes: ["data:/data", { type: bind, source: ., target: /bound, bind: { create_host_path: false } }]',
    ],
    paths: {
      'volumes./bound': ['bind FOLDER (recursive=disabled)', 'bind FOLDER (selinux=z)', 'bind FOLDER'],
      'volumes./data': ['volume PROJECT_data (nocopy)', 'volume PROJECT_data', 'volume PROJECT_data'],
    },
    see: ({ Mounts }) => Mounts.map(({ Destination }) => Destination).sort(),
    seen: [
      ['/bound', '/data'],
      ['/bound', '/data'],
      ['/bound', '/data'],
    ],
  },
  {
    name: 'tmpfs',
    yaml: ['tmpfs: /scratch', 'tmpfs: ["/scratch:size=1m,mode=700"]', ''],
    paths: { 'volumes./scratch': ['tmpfs', 'tmpfs (size=1048576, mode=700)', undefined] },
    see: ({ inside }) => inside('sh', '-c', 'awk \'$2 == "/scratch" { print $3 }\' /proc/mounts; stat -c %a /scratch 2>/dev/null'),
    seen: ['tmpfs\n1777', 'tmpfs\n700', ''],
  },
  {
    name: 'tmpfs-options',
    yaml: ['tmpfs: "/scratch:uid=1000,noexec"', 'tmpfs: "/scratch:size=1m,uid=1001,exec"', ''],
    paths: { 'volumes./scratch': ['tmpfs (noexec, uid=1000)', 'tmpfs (size=1048576, exec, uid=1001)', undefined] },
    see: ({ inside }) =>
      inside('sh', '-c', 'grep -o "/scratch .*noexec" /proc/mounts | grep -o noexec; stat -c %u /scratch 2>/dev/null; true'),
    seen: ['noexec\n1000', '1001', ''],
  },
  {
    name: 'tmpfs-long',
    yaml: [
      'volumes: [{ type: tmpfs, target: /scratch }]',
      'volumes: [{ type: tmpfs, target: /scratch, tmpfs: { size: 2m, mode: 0o750 } }]',
      '',
    ],
    paths: { 'volumes./scratch': ['tmpfs', `tmpfs (size=${2 * mib}, mode=750)`, undefined] },
    see: ({ inside }) =>
      inside('sh', '-c', "df -k /scratch 2>/dev/null | awk '/scratch/ { print $2 }' | grep -x 2048 || echo 'no limit of ours'"),
    seen: ['no limit of ours', '2048', 'no limit of ours'],
  },
  {
    name: 'secret-file',
    yaml: ['secrets: [written]', 'secrets: [{ source: written, target: /etc/written }]', ''],
    paths: {
      'volumes./etc/written': [undefined, 'bind FOLDER/written.txt (read-only)', undefined],
      'volumes./run/secrets/written': ['bind FOLDER/written.txt (read-only)', undefined, undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'cat /run/secrets/written /etc/written 2>/dev/null'),
    seen: ['from a file', 'from a file', ''],
  },
  {
    name: 'config-file',
    yaml: ['configs: [written]', 'configs: [{ source: written, target: /etc/written }]', ''],
    paths: {
      'volumes./etc/written': [undefined, 'bind FOLDER/written.txt (read-only)', undefined],
      'volumes./written': ['bind FOLDER/written.txt (read-only)', undefined, undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'cat /written /etc/written 2>/dev/null'),
    seen: ['from a file', 'from a file', ''],
  },
  {
    name: 'secret-environment',
    yaml: ['secrets: [told]', 'secrets: [{ source: told, mode: 0o440, uid: "1000", gid: "1001" }]', ''],
    paths: { 'secrets.told': ['/run/secrets/told 0:0 0444', '/run/secrets/told 1000:1001 0440', undefined] },
    hidden: 'secrets and configs',
    see: ({ inside }) => inside('sh', '-c', "cat /run/secrets/told 2>/dev/null && stat -c ' %u:%g %a' /run/secrets/told"),
    seen: ['from the environment 0:0 444', 'from the environment 1000:1001 440', ''],
  },
  {
    name: 'config-content',
    yaml: ['configs: [inline]', 'configs: [{ source: inline, target: /etc/inline }]', ''],
    paths: { 'configs.inline': ['/inline 0:0 0444', '/etc/inline 0:0 0444', undefined] },
    hidden: 'secrets and configs',
    see: ({ inside }) => inside('sh', '-c', 'cat /inline /etc/inline 2>/dev/null'),
    seen: ['in the stack file', 'in the stack file', ''],
  },
];

const top = `
volumes: { data: , more: , outside: { external: true, name: PROJECT-outside } }
secrets: { written: { file: written.txt }, told: { environment: TOLD } }
configs: { written: { file: written.txt }, inline: { content: in the stack file } }
`;

checkFields({ rows, top, files: () => ({ 'written.txt': 'from a file' }), env: { TOLD: 'from the environment' } });
