import { get } from '../../lib/record.ts';
import { servicesOf } from '../linted.ts';
import { probeCommand, probePath } from '../probe-command.ts';
import { probeTools } from '../probe-tools.ts';
import type { Rule } from '../rule.ts';

export const healthcheckToolMissing: Rule = {
  id: 'healthcheck-tool-missing',
  severity: 'error',
  finds: 'a health check that runs a program which the image does not have (only where the image is local)',
  reason: 'The probe fails whatever the service does, so the service never becomes healthy.',
  fix: 'use a program that the image has, or what its documentation gives as health check',
  ofMachine: true,
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said, spec }) => {
      const { image } = spec.settings;
      const files = get(linted.machine.images, image)?.files;
      const probe = probeCommand(said);
      if (!files || !probe) return [];
      const missing = probeTools(probe).find((tools) => !tools.some((tool) => files.has(tool)));
      if (!missing) return [];
      const message = `the health check of ${name} runs ${missing.join(' or ')}, which the image ${image} does not have`;
      return [{ message, path: probePath(name, said), service: name }];
    }),
};
