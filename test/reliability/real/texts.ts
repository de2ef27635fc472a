import { healthy, pair, service, stack } from '../../e2e/bad-days/stacks.ts';
import type { Texts } from './stage.ts';

/** One service on the stack's own network. */
export const solo: Texts = (version) => stack(service('web', healthy, `environment: { V: "${version}" }`));

/** One service with a volume. */
export const keeping: Texts = (version) =>
  stack(service('web', healthy, `environment: { V: "${version}" }`, 'volumes: ["data:/data"]')) + 'volumes: { data: {} }\n';

/** Two services, the second on top of the first, with a network and a volume. */
export const duo: Texts = (version) => pair(String(version));

/** A service in the place of those above that is unhealthy as soon as it is asked. */
export const unhealthy = 'healthcheck: { test: [CMD, "false"], interval: 200ms, retries: 1 }';
