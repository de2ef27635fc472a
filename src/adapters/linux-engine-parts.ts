interface Program {
  /** As the kernel has it: 15 characters at most. */
  readonly name: string;
  readonly executable: string;
  readonly command: string;
}

/** dockerd itself holds published ports with --userland-proxy=false; conmon does for Podman. */
const parts = [
  'dockerd',
  'docker-proxy',
  'docker-init',
  'containerd',
  'containerd-shim',
  'conmon',
  'podman',
  'rootlesskit',
  'rootlessport',
  'slirp4netns',
  'pasta',
  'netavark',
  'aardvark-dns',
  'crun',
  'runc',
  'systemd',
  'init',
];

/** Whether a program is part of an engine or of what engines and machines stand on: never to be ended for a port. By each name that it has. */
export function isOfEngine({ name, executable, command }: Program): boolean {
  const names = [name, executable.split('/').at(-1) ?? '', command.split(' ', 1)[0]?.split('/').at(-1) ?? ''];
  return names.some((each) => parts.some((part) => each === part || each.startsWith(`${part}-`)) || each.startsWith('containerd-shim'));
}
