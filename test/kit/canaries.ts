/** The places in which a sensitive value may stand in a stack, each with a word of its own, so that a leak says whose it is. */
export const places = [
  'env',
  'env_file',
  'listed',
  'url',
  'secret_file',
  'secret_env',
  'config',
  'label',
  'build_arg',
  'healthcheck',
  'command',
  'hook',
] as const;

export type Place = (typeof places)[number] | 'registry';

/** What a value of that place is; other in each encoding. `version`: it changes. */
export const canary = (place: Place, version = '1'): string => `canary.${place}.${version}~é&+`;

/** As it can stand in a text: as it is, as part of a URL, of JSON (twice), and in base64 behind anything. */
export function encodings(word: string): string[] {
  const json = JSON.stringify(word).slice(1, -1);
  const escaped = word.replaceAll(/[^\0-~]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    word,
    encodeURIComponent(word),
    new URLSearchParams([['', word]]).toString().slice(1),
    json,
    JSON.stringify(json).slice(1, -1),
    escaped,
    ...inBase64(word),
  ];
}

/** At each of the three places in which it can begin in a group; what its neighbours have a part in is left out. */
function inBase64(word: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.from('x'.repeat(before) + word).toString('base64');
    const own = text.slice(before === 0 ? 0 : 4, -4);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Which canaries stand in these texts, and where; of every version. */
export function leaks(told: ReadonlyMap<string, string>, versions: readonly string[] = ['1', '2', '3']): string[] {
  const words = [...places, 'registry' as const].flatMap((place) =>
    versions.map((version) => [place, [...new Set(encodings(canary(place, version)))]] as const),
  );
  return [...told].flatMap(([where, text]) =>
    words.filter(([, forms]) => forms.some((form) => text.includes(form))).map(([place]) => `${place} in ${where}`),
  );
}

/** A stack that has one in each place. It is wrong to write a value into a file as it stands; here it is meant. */
export function canaryStack(version: string, { image, healthy }: { readonly image: string; readonly healthy: boolean }): string {
  const at = (place: Place): string => canary(place, version);
  const url = (place: Place): string => `https://app:${at(place)}@registry.invalid/x`;
  const declared = {
    'x-stack': { sensitive: ['MY_PIN'] },
    services: {
      web: {
        image,
        build: { context: '.', dockerfile_inline: `FROM stackctl/busybox:1\nARG API_TOKEN\n`, args: { API_TOKEN: at('build_arg') } },
        pull_policy: 'build',
        command: ['sh', '-c', `echo "${url('command')}"; trap "exit 0" TERM; while :; do sleep 1; done`],
        environment: { V: version, DB_PASSWORD: at('env'), MY_PIN: at('listed'), DATABASE_URL: url('url') },
        env_file: ['web.env'],
        labels: { API_TOKEN: at('label') },
        secrets: ['token', 'key'],
        configs: [{ source: 'settings', target: '/etc/settings' }],
        healthcheck: { test: ['CMD', 'sh', '-c', `echo "${url('healthcheck')}"; exit ${healthy ? 0 : 1}`], interval: '100ms', retries: 1 },
        post_start: [{ command: ['sh', '-c', `echo "${url('hook')}"`] }],
        stop_grace_period: '1s',
      },
    },
    secrets: { token: { file: 'token.txt' }, key: { environment: 'KEY_OF_STACK' } },
    configs: { settings: { environment: 'SETTINGS' } },
  };
  return JSON.stringify(declared, undefined, 2);
}

/** What lies beside it. */
export const canaryFiles = (version: string) => ({
  'web.env': `FILE_TOKEN=${canary('env_file', version)}\n`,
  'token.txt': `${canary('secret_file', version)}\n`,
});

export const canaryEnvironment = (version: string) => ({
  KEY_OF_STACK: canary('secret_env', version),
  SETTINGS: canary('config', version),
});
