import { toldByReading, type Rule } from '../rule.ts';

export const containerNameWithReplicas: Rule = toldByReading({
  id: 'container-name-with-replicas',
  severity: 'error',
  finds: 'container_name together with more than one replica',
  reason: 'Two containers cannot have one name, so the second one is never made.',
  fix: 'remove container_name, or deploy.replicas',
  told: ['container-name-and-replicas'],
});
