import { choice, later, option, repeated, toggle, type Flag } from './flag.ts';
import { readCount, readDestroyable, readDuration, readGrace, readScale, readText } from './flag-values.ts';

/**
 * Every flag of every command, once, by the name under which a command finds its value. Two with the same name belong to different
 * commands, and both take a value or neither does.
 */
export const flags = {
  file: repeated('file', 'A stack file; several are merged in this order', {
    short: 'f',
    value: 'FILE',
    read: readText,
    completes: 'file',
  }),
  stack: option('stack', 'A stack of stack.config.yaml', { value: 'NAME', read: readText }),
  projectName: option('project-name', 'The name of the stack', { short: 'p', value: 'NAME', read: readText }),
  projectDirectory: option('project-directory', 'What relative paths of the stack files start from', {
    value: 'DIR',
    read: readText,
    completes: 'directory',
  }),
  profile: repeated('profile', 'Take the services of this profile in', { value: 'NAME', read: readText, completes: 'profile' }),
  envFile: repeated('env-file', 'Variables for the stack files, in place of .env', { value: 'FILE', read: readText, completes: 'file' }),
  context: option('context', 'The engine of this docker context', { value: 'NAME', read: readText }),
  host: option('host', 'The engine at this address', { short: 'H', value: 'URL', read: readText }),
  json: toggle('json', 'Print data for programs'),
  progress: choice('progress', 'How progress is shown', { value: 'MODE', choices: ['auto', 'tty', 'plain', 'json', 'quiet'] }),
  noColor: toggle('no-color', 'Print without colours'),
  help: toggle('help', 'Show this help', { short: 'h' }),
  version: toggle('version', 'Show the version'),

  out: option('out', 'Save the plan, for stackctl apply FILE', { value: 'FILE', read: readText, completes: 'file' }),
  detailedExitcode: toggle('detailed-exitcode', 'Exit with 2 when there is something to do'),
  target: repeated('target', 'Only this service and what it needs', { value: 'SERVICE', read: readText, completes: 'service' }),
  noDeps: toggle('no-deps', 'Leave out what the chosen services need'),
  build: toggle('build', 'Build images again'),
  pull: choice('pull', 'When to ask the registry for images', {
    value: 'POLICY',
    choices: ['always', 'missing', 'never'],
    alone: 'always',
  }),
  forceRecreate: toggle('force-recreate', 'Replace containers that are as they should be'),
  removeOrphans: toggle('remove-orphans', 'Also remove what other stack files declared'),
  allowDestroy: repeated('allow-destroy', 'volume/NAME or network/NAME: may be replaced with all that is in it', {
    value: 'RESOURCE',
    read: readDestroyable,
  }),
  verbose: toggle('verbose', 'Show every step and every field'),

  frozen: toggle('frozen', 'Refuse unless stack.lock.yaml has every image'),
  check: toggle('check', 'Write nothing; exit with 2 if something would change'),

  yes: toggle('yes', 'Do not ask', { short: 'y' }),
  autoApprove: toggle('auto-approve', 'The same as --yes'),
  timeout: option('timeout', 'How long the whole way forward may take', { value: 'DURATION', read: readDuration }),
  rollbackTimeout: option('rollback-timeout', 'How long the way back may take', { value: 'DURATION', read: readDuration }),
  parallelism: option('parallelism', 'How many actions may run at once', { value: 'N', read: readCount }),
  lockTimeout: option('lock-timeout', 'How long to wait for another command that changes the stack', {
    value: 'DURATION',
    read: readDuration,
  }),
  noRollback: toggle('no-rollback', 'Leave everything as it stands when something fails'),

  policy: choice('policy', 'What to do about drift', { value: 'POLICY', choices: ['report', 'heal'] }),
  interval: option('interval', 'How often to look when nothing happens; 5m unless given', { value: 'DURATION', read: readDuration }),
  healPause: option('heal-pause', 'No second heal of the same within this, doubled with each that did not hold; 5s unless given', {
    value: 'DURATION',
    read: readDuration,
  }),
  mostHeals: option('give-up-after', 'So many heals in a row that did not hold; 5 unless given', { value: 'N', read: readCount }),

  to: option('to', 'Restore into this new volume instead, and touch nothing else', { value: 'NAME', read: readText }),
  fromFile: option('from-file', 'Restore from this tar (plain, gzip or zstd) instead of a backup', {
    value: 'FILE',
    read: readText,
    completes: 'file',
  }),

  end: toggle('end', 'End them, after asking'),
  noEngine: toggle('no-engine', 'Ask no engine, as before it has started; what ever was in a container is left alone then'),
  all: toggle('all', 'Every stack of stack.config.yaml'),
  watchPorts: toggle('watch', 'Go on looking, and print again whenever something has changed; Ctrl-C ends it'),

  unitsFormat: choice('format', 'What is printed: unit files, or a NixOS module', { value: 'FORMAT', choices: ['systemd', 'nixos'] }),
  every: option('every', 'How long between two looks for drift; 15m unless given', { value: 'DURATION', read: readDuration }),
  onShutdown: toggle('on-shutdown', 'Also free the ports when the machine shuts down, after the engine has stopped'),
  install: toggle('install', 'Write and enable them on this machine, after asking'),
  uninstall: toggle('uninstall', 'Take away what --install wrote, after asking'),
  root: option('root', 'Install into the system that lies in this folder, such as an image', {
    value: 'DIR',
    read: readText,
    completes: 'directory',
  }),
  force: toggle('force', 'Also replace or remove units that somebody has changed'),

  resume: toggle('resume', 'Go on to what is wanted now, instead of back'),
  forget: toggle('forget', 'Leave everything as it stands and keep the journal as history only'),

  detach: toggle('detach', 'For fingers used to Docker Compose: stackctl does not attach unless asked to', { short: 'd' }),
  wait: toggle('wait', 'For fingers used to Docker Compose: stackctl always waits'),
  waitTimeout: option('wait-timeout', 'The same as --timeout', { value: 'DURATION', read: readDuration }),
  scale: repeated('scale', 'Run this many containers of a service', { value: 'SERVICE=N', read: readScale }),
  attach: toggle('attach', 'Then follow what the services write; Ctrl-C detaches and stops nothing'),
  dryRun: later('dry-run', 'stackctl plan shows what would be done'),

  stopTimeout: option('timeout', 'How long each container may take to stop', { short: 't', value: 'DURATION', read: readGrace }),
  volumes: toggle('volumes', 'Also remove the declared volumes, each asked for by its name', { short: 'v' }),
  rmi: later('rmi', 'images stay; docker image rm removes one by name', { value: 'WHICH' }),

  format: choice('format', 'How the model is printed', { value: 'FORMAT', choices: ['yaml', 'json'] }),
  container: option('container', 'Only the service of this container', { value: 'NAME', read: readText }),
  project: option('project', 'The stack, as Docker Compose calls it', { value: 'NAME', read: readText }),
  output: option('output', 'Write the tar here; - is the standard output', {
    short: 'o',
    value: 'FILE',
    read: readText,
    completes: 'file',
  }),
  keep: option('keep', 'How many backups of each volume stay', { value: 'N', read: readCount }),
  importOut: option('out', 'Write the stack file here, and what is sensitive to .env beside it', {
    value: 'FILE',
    read: readText,
    completes: 'file',
  }),

  lintFormat: choice('format', 'How the findings are printed', { value: 'FORMAT', choices: ['text', 'json', 'sarif', 'github'] }),
  listRules: toggle('rules', 'Print the rules instead: what each finds, why that matters, what to do'),
  settings: toggle('settings', 'Print the settings of stackctl instead, and where each comes from'),
  listServices: toggle('services', 'Print the names of the services only'),
  listImages: toggle('images', 'Print the names of the images only'),
  listNetworks: toggle('networks', 'Print the names of the networks only'),
  listVolumes: toggle('volumes', 'Print the names of the volumes only'),
  listProfiles: toggle('profiles', 'Print the names of the profiles only'),
  listEnvironment: toggle('environment', 'Print the variables that stack files are read with only'),
  noInterpolate: toggle('no-interpolate', 'Leave variables as they are written'),
  hash: option('hash', 'Print the hash that Docker Compose gives this service; "*" for all', { value: 'SERVICE', read: readText }),
  quiet: toggle('quiet', 'Print nothing; check only', { short: 'q' }),
} as const;

export type FlagName = keyof typeof flags;

/** What a command finds: repeatable flags as lists, switches as true or false, others undefined unless given. */
export type FlagValues = { readonly [Name in FlagName]: (typeof flags)[Name] extends Flag<infer Value> ? Value : never };

/** Flags that go with every command, in the order of the help text. */
export const globalFlags: readonly FlagName[] = [
  'file',
  'stack',
  'projectName',
  'projectDirectory',
  'profile',
  'envFile',
  'context',
  'host',
  'json',
  'progress',
  'noColor',
  'help',
  'version',
];
