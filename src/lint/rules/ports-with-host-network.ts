import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const portsWithHostNetwork: Rule = {
  id: 'ports-with-host-network',
  severity: 'error',
  finds: 'network_mode: host together with ports',
  reason: 'On the host network nothing is passed on: the engine drops the ports, and the service listens where it likes.',
  fix: 'remove ports, or remove network_mode: host',
  find: (linted) =>
    servicesOf(linted)
      .filter(({ said }) => said.network_mode === 'host' && (said.ports ?? []).length > 0)
      .map(({ name }) => ({
        message: `${name} uses the network of the host, so its ports have no effect`,
        path: ['services', name, 'ports'],
        service: name,
      })),
};
