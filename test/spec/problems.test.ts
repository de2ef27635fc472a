import { describe, expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

const inWeb = (yaml: string) => `services:\n  web:\n    image: i\n    ${yaml}\n`;

describe('what the schema finds', () => {
  it.each([
    ['servces: {}', ['1:1 unknown-key: unknown key "servces" (did you mean "services"?)']],
    ['services: {web: {imag: x, image: y}}', ['1:18 unknown-key: unknown key "imag" (did you mean "image"?)']],
    [
      inWeb('healthcheck: {foo: 1}'),
      ['4:19 unknown-key: unknown key "foo" (known here: test, interval, timeout, retries, start_period, start_interval, disable)'],
    ],
    [inWeb('ports: [{target: 80, publish: 81}]'), ['4:26 unknown-key: unknown key "publish" (did you mean "published"?)']],
    [inWeb('x-stack: {redy: {}}'), ['4:15 unknown-key: unknown key "redy" (did you mean "ready"?)']],
    ['x-stack: {foo: 1}', ['1:11 unknown-key: unknown key "foo" (known here: timeout, rollback_timeout, ports, sensitive, lint)']],
    [
      'xfoo: 1',
      ['1:1 unknown-key: unknown key "xfoo" (known here: name, include, services, networks, volumes, secrets, configs, models, x-stack)'],
    ],
    ['include: [a.yaml]', ['1:11 file-missing: a.yaml does not exist']],
    ['volumes: {v: {x-stack: {owners: "1:1"}}}', ['1:25 unknown-key: unknown key "owners" (did you mean "owner"?)']],
    ['x-stack: {pool: {}}', ['1:11 key-not-supported: "pool" is not supported by this version yet']],
    [inWeb('deploy: {placement: {constraints: [a]}}'), ['4:14 warning no-effect: "placement" has no effect here: only Swarm acts on it']],
    [inWeb('ports: 80'), ['4:12 wrong-type: "ports" must be a list, not the number 80']],
    [inWeb('ports:'), ['4:5 wrong-type: "ports" must be a list, not empty']],
    [inWeb('ports: [[1]]'), ['4:13 wrong-type: an entry of "ports" must be a number or text or a map, not a list']],
    [inWeb('user: 1000'), ['4:11 wrong-type: "user" must be text, not the number 1000 (write it in quotes: "1000")']],
    [inWeb('environment: {A: [1]}'), ['4:19 wrong-type: "A" must be text or a number or true or false, not a list']],
    [
      inWeb('stop_grace_period: 30'),
      ['4:24 wrong-type: "stop_grace_period" must be text, not the number 30 (write it with its unit: 30s, 30m or 30h)'],
    ],
    [
      inWeb('depends_on: {db: {condition: healthy}}'),
      [
        '4:18 undefined-service: there is no service "db" (declare it under "services" at the top of the file)',
        '4:34 unknown-value: "condition" must be "service_started" or "service_healthy" or "service_completed_successfully", not "healthy" (did you mean "service_healthy"?)',
      ],
    ],
    [inWeb('environment: {A: 2001-01-01}'), ['4:22 wrong-type: 2001-01-01 is read as a date (write it in quotes: "2001-01-01")']],
    ['services: [a]', ['1:1 wrong-type: "services" must be a map, not a list']],
    ['services: {web: x}', ['1:17 wrong-type: "web" must be a map, not text']],
    [
      'services: {"a b": {image: i}}',
      ['1:12 bad-name: "a b" cannot be a name in "services" (a name is made of letters, digits, ".", "_" and "-")'],
    ],
    [inWeb('depends_on: {web: {restart: true}}'), ['4:18 missing-key: "condition" is missing from "web"']],
    [
      inWeb('depends_on: {web: {condition: service_helthy}}'),
      [
        '4:18 dependency-cycle: these services wait for each other: web -> web',
        '4:35 unknown-value: "condition" must be "service_started" or "service_healthy" or "service_completed_successfully", not "service_helthy" (did you mean "service_healthy"?)',
      ],
    ],
    [inWeb('volumes: [{target: /x}]'), ['4:15 missing-key: "type" is missing from an entry of "volumes"']],
    ['version: "3"', ['1:1 warning obsolete-version: "version" is obsolete (remove the line; Compose ignores it too)']],
  ])('%j', async (yaml, problems) => expect(await problemsOf(yaml)).toEqual(problems));

  it('finds everything at once, in the order of the file', async () => {
    expect(
      (await problemsOf('services:\n  a: {imag: x, ports: [99999], restart: never}\n  b: {image: "${X:?say it}", user: 5}\nfoo: 1')).map(
        (line) => line.split(':').slice(0, 2).join(':'),
      ),
    ).toEqual(['2:7 unknown-key', '2:24 bad-port', '2:41 unknown-value', '3:14 variable-required', '3:36 wrong-type', '4:1 unknown-key']);
  });
});

describe('values that mean nothing', () => {
  it.each([
    ['ports: ["80:99999"]', '13 bad-port: the port in the container, "99999", is higher than 65535'],
    ['ports: ["x:80"]', '13 bad-port: the port on the host, "x", is not a number or a range'],
    ['ports: ["80:"]', '13 bad-port: the port in the container, "", is missing'],
    ['ports: ["90-80:80"]', '13 bad-port: the port on the host, "90-80", ends before it begins'],
    ['ports: ["1-3:1-2"]', '13 bad-port: the ranges 1-3 and 1-2 are not of the same length'],
    ['ports: ["80/foo"]', '13 bad-port: "foo" is not a protocol: tcp, udp or sctp'],
    ['ports: ["::1:80:80"]', '13 bad-port: "::1" is not an address; an IPv6 address stands in brackets'],
    ['ports: ["1.2.3.999:80:80"]', '13 bad-port: "1.2.3.999" is not an address; an IPv6 address stands in brackets'],
    ['ports: [{published: 80}]', '13 bad-port: the port has no "target"'],
    ['ports: [{target: 70000}]', '22 bad-port: "70000" is not a port of the container'],
    ['ports: [{target: 1, published: x}]', '36 bad-port: "x" is not a port of the host, nor a range of them'],
    ['volumes: [":/x"]', '15 bad-volume: ":/x" has an empty part'],
    ['volumes: ["/a:/b:ro:x"]', '15 bad-volume: "/a:/b:ro:x" has too many colons'],
    ['volumes: ["/a:/b:r0"]', '15 warning unknown-option: "r0" is not an option of a mount (did you mean "ro"?)'],
    ['volumes: [{type: bind, target: /x}]', '15 bad-volume: the bind mount has no "source"'],
    ['volumes: [{type: tmpfs}]', '15 bad-volume: the mount has no "target"'],
    [
      'volumes: [{type: folder, target: /x}]',
      '22 unknown-value: "type" must be "bind" or "volume" or "tmpfs" or "cluster" or "npipe" or "image", not "folder"',
    ],
    ['volumes: [{type: cluster, target: /x}]', '22 key-not-supported: a mount of type "cluster" exists in Swarm only'],
    ['volumes: [{type: npipe, source: x, target: /x}]', '22 key-not-supported: a mount of type "npipe" exists on Windows only'],
    [
      'volumes: ["v:/v"]',
      '15 warning volume-one-letter: "v:/v" is read as a path of Windows, not as the volume "v" (give the volume a longer name)',
    ],
    ['tmpfs: run', '12 bad-tmpfs: "run" is not a path in the container'],
    ['tmpfs: "/run:noexce"', '12 bad-tmpfs: "noexce" is not an option of a tmpfs'],
    ['tmpfs: "/run:uid=me"', '12 bad-tmpfs: "uid=me" is not an option of a tmpfs'],
    ['tmpfs: "/run:size=x"', '12 bad-tmpfs: "x" is not a size'],
    ['stop_grace_period: "10"', '24 bad-duration: "10" is not a duration (write the unit too: "10s")'],
    ['stop_grace_period: soon', '24 bad-duration: "soon" is not a duration (such as "1m30s", "500ms" or "2h")'],
    ['shm_size: big', '15 bad-size: "big" is not a size (such as "512m", "1.5g" or "1073741824")'],
    ['read_only: maybe', '16 bad-boolean: "maybe" is neither true nor false'],
    [
      'restart: sometimes',
      '14 unknown-value: "restart" cannot be "sometimes" ("no", "always", "unless-stopped", "on-failure" or "on-failure:5")',
    ],
    [
      'pull_policy: hourly',
      '18 unknown-value: "pull_policy" cannot be "hourly" (missing, always, never, build, refresh, daily, weekly or every_12h)',
    ],
    ['container_name: x', '21 bad-name: "x" cannot be the name of a container (at least two letters, digits, "_", "." or "-")'],
    [
      'container_name: xy\n    deploy: {replicas: 2}',
      '21 container-name-and-replicas: 2 containers cannot all be called "xy" (remove container_name or deploy.replicas)',
    ],
    ['deploy: {replicas: -1}', '24 bad-number: a service cannot have -1 containers'],
    ['deploy: {replicas: many}', '24 bad-number: "many" is not a whole number'],
    ['deploy: {resources: {limits: {cpus: x}}}', '41 bad-number: "x" is not a number'],
    [
      'deploy: {update_config: {failure_action: explode}}',
      '46 unknown-value: "failure_action" must be "rollback", "pause" or "continue", not "explode"',
    ],
    ['command: echo "a', '14 bad-command: a quote, bracket or backslash in this command has no counterpart'],
    [
      'command: a && b',
      '14 warning command-cut: everything from "&& b" on is dropped, because no shell reads this command (to use a shell: ["sh", "-c", "…"])',
    ],
    ['healthcheck: {test: [curl]}', '26 bad-healthcheck: a health check that is a list must begin with "CMD", "CMD-SHELL" or "NONE"'],
    ['healthcheck: {test: [CMD]}', '26 bad-healthcheck: the health check has no command after "CMD"'],
    ['extra_hosts: [nohost]', '19 bad-extra-host: "nohost" has no address (such as "db:10.0.0.5" or "host.docker.internal:host-gateway")'],
    ['x-stack: {ready: {http: "ftp://x"}}', '29 bad-probe: "ftp://x" is not a URL that begins with http:// or https://'],
    ['x-stack: {ready: {tcp: 99999}}', '28 bad-probe: "99999" is neither a port nor host:port'],
    ['x-stack: {ready: [{}]}', '23 bad-probe: "ready" names no probe (http, tcp, log or stable)'],
    ['x-stack: {on_config_change: restrat}', '33 unknown-value: "on_config_change" cannot be "restrat" (did you mean "restart"?)'],
    ['hostname: ${', '15 interpolation-syntax: "${" is not closed with "}" (a "$" that is not meant as a variable is written "$$")'],
    ['hostname: $NO', '15 warning variable-unset: the variable "NO" is not set and is read as empty (give it a default: ${NO:-…})'],
  ])('%s', async (yaml, problem) => {
    const [first, ...more] = await problemsOf(inWeb(yaml));
    expect([first?.replace(/^4:/, '').replace(/ \(such as "8080:80".*\)$/, ''), ...more]).toEqual([problem]);
  });
});

describe('what does not fit together', () => {
  it.each([
    ['services: {web: {}}', ['1:12 no-image: the service "web" has neither "image" nor "build"']],
    [
      inWeb('depends_on: [wbe, nothing]'),
      [
        '4:18 undefined-service: there is no service "wbe" (did you mean "web"?)',
        '4:23 undefined-service: there is no service "nothing" (declare it under "services" at the top of the file)',
      ],
    ],
    [
      inWeb('depends_on: {x: {condition: service_started, required: false}}'),
      ['4:18 undefined-service: there is no service "x" (declare it under "services" at the top of the file)'],
    ],
    [inWeb('networks: [bakc]') + 'networks: {back: }', ['4:16 undefined-network: there is no network "bakc" (did you mean "back"?)']],
    [inWeb('volumes: ["dta:/d"]') + 'volumes: {data: }', ['4:15 undefined-volume: there is no volume "dta" (did you mean "data"?)']],
    [
      inWeb('volumes: [{type: volume, source: no, target: /x}]'),
      ['4:38 undefined-volume: there is no volume "no" (declare it under "volumes" at the top of the file)'],
    ],
    [inWeb('secrets: [s]'), ['4:15 undefined-secret: there is no secret "s" (declare it under "secrets" at the top of the file)']],
    [
      inWeb('configs: [{source: c}]'),
      ['4:24 undefined-config: there is no config "c" (declare it under "configs" at the top of the file)'],
    ],
    [
      inWeb('network_mode: service:x'),
      ['4:19 undefined-service: there is no service "x" (declare it under "services" at the top of the file)'],
    ],
    [inWeb('expose: [x]'), ['4:14 bad-port: "x" is not a port of the container']],
    [
      inWeb('network_mode: mine'),
      [
        '4:19 unknown-value: "network_mode" cannot be "mine" (host, none, bridge, service:NAME or container:NAME; other networks stand under "networks")',
      ],
    ],
    [
      inWeb('network_mode: host\n    mac_address: "02:42:0a:d5:01:cc"'),
      [
        '5:18 mac-without-network: "mac_address" and "network_mode: host" exclude each other: the container has no network interface of its own',
      ],
    ],
    [
      `${inWeb('mac_address: "02:42:0a:d5:01:cc"\n    networks: { a: { mac_address: "02:42:0a:d5:01:aa" }, b: { priority: 1, mac_address: "02:42:0a:d5:01:bb" } }')}networks: { a: , b: }`,
      [
        '4:18 two-mac-addresses: "mac_address" is 02:42:0a:d5:01:cc, but that of "b", the first network of the service, is 02:42:0a:d5:01:bb (the two are one and the same: remove it here, or under "networks")',
      ],
    ],
    [
      `${inWeb('mac_address: "02:42:0A:D5:01:BB"\n    networks: { a: { mac_address: "02:42:0a:d5:01:aa" }, b: { priority: 1, mac_address: "02:42:0a:d5:01:bb" } }')}networks: { a: , b: }`,
      [],
    ],
    [
      inWeb('network_mode: host\n    networks: [default]'),
      ['4:19 network-mode-and-networks: "network_mode" and "networks" exclude each other'],
    ],
    [
      inWeb('depends_on: [off]') + '  off: {image: i, profiles: [p]}',
      [
        '4:18 inactive-service: "web" needs the service "off", whose profile is not active (activate it with --profile p, or write "required: false")',
      ],
    ],
    [
      'services:\n  c: {image: i, depends_on: [a]}\n  a: {image: i, depends_on: [b]}\n  b: {image: i, network_mode: "service:c"}',
      ['3:30 dependency-cycle: these services wait for each other: a -> b -> c -> a'],
    ],
    [inWeb('depends_on: [web]'), ['4:18 dependency-cycle: these services wait for each other: web -> web']],
    [
      'networks: {n: {external: true, driver: x}}',
      ['1:40 external-and-more: "external" and "driver" exclude each other: what exists already is not made'],
    ],
    [
      'networks: {n: {name: a, external: {name: b}}}',
      ['1:36 two-names: "name" and "external.name" exclude each other (write "external: true" and "name")'],
    ],
    ['secrets: {s: {}}', ['1:11 one-source: "s" does not say where its content comes from (exactly one of: file, environment)']],
    [
      'configs: {c: {file: a, content: b}}',
      ['1:24 one-source: "c" takes its content from file and content (exactly one of: file, environment, content)'],
    ],
    [
      inWeb('secrets: [s]') + 'secrets: {s: {file: none.txt}}',
      ['5:21 secret-file-missing: the file of the secret "s", none.txt, does not exist'],
    ],
    [
      inWeb('configs: [c]') + 'configs: {c: {file: /}}',
      ['5:21 config-file-unreadable: the file of the config "c", /, is not a regular file'],
    ],
    [
      inWeb('secrets: [s]') + 'secrets: {s: {environment: NO}}',
      ['5:28 secret-variable-unset: the secret "s" comes from the variable "NO", which is not set'],
    ],
    [inWeb('env_file: none.env'), ['4:15 env-file-missing: the env_file none.env does not exist']],
    ['name: "!"', ['bad-stack-name: the stack has no name (write `name: …` at the top of the file, or use -p)']],
  ])('%j', async (yaml, problems) => expect(await problemsOf(yaml)).toEqual(problems));

  it('refuses a name that was asked for and cannot be', async () => {
    expect(await problemsOf('services: {}', { projectName: 'Bad Name' })).toEqual([
      'bad-stack-name: "Bad Name" cannot be the name of a stack (lower-case letters, digits, "-" and "_", beginning with a letter or digit)',
    ]);
  });
});
