/** Ends at once when it is told to, and does nothing else. */
export const idle = `command: [sh, -c, 'trap "exit 0" TERM; sleep 99999 & wait']`;

/** Passes as soon as it is asked; the engine itself would ask only after half a minute. */
export const healthy = `healthcheck: { test: [CMD, "true"], interval: 30s }`;

/** A service as a block of YAML below `services:`. */
export const service = (name: string, ...lines: readonly string[]): string =>
  [
    `  ${name}:`,
    '    image: stackctl/busybox:1',
    ...(lines.some((line) => line.startsWith('command:')) ? [] : [`    ${idle}`]),
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

export const stack = (...services: readonly string[]): string => `services:\n${services.join('')}`;

/** Two services, the second on top of the first; `version` is what a change changes. */
export const pair = (version: string, ...ofWeb: readonly string[]): string =>
  stack(
    service('db', healthy, `environment: { VERSION: "${version}" }`, 'volumes: ["data:/data"]'),
    service(
      'web',
      ...(ofWeb.some((line) => line.startsWith('healthcheck:')) ? [] : [healthy]),
      `environment: { VERSION: "${version}" }`,
      'depends_on: { db: { condition: service_healthy } }',
      ...ofWeb,
    ),
  ) + 'volumes: { data: {} }\n';
