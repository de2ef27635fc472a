import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const noRestartPolicy: Rule = {
  id: 'no-restart-policy',
  severity: 'warning',
  finds: 'a service without a restart policy, unless it runs once or has a profile',
  reason: 'After a crash, or when the machine starts again, the service stays down.',
  fix: 'restart: unless-stopped; or restart: "no" if it is meant to stay down',
  find: (linted) => {
    const services = servicesOf(linted);
    const runOnce = new Set(
      services.flatMap(({ spec }) =>
        spec.dependsOn.flatMap(({ service, condition }) => (condition === 'service_completed_successfully' ? [service] : [])),
      ),
    );
    return services
      .filter(({ name, said }) => said.restart === undefined && !hasDeployPolicy(said) && !runOnce.has(name))
      .filter(({ said }) => (said.profiles ?? []).length === 0)
      .map(({ name }) => ({ message: `${name} has no restart policy`, path: ['services', name], service: name }));
  },
};

const hasDeployPolicy = ({ deploy }: { readonly deploy?: object }): boolean => deploy !== undefined && 'restart_policy' in deploy;
