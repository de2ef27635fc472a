import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const engineSocket: Rule = {
  id: 'engine-socket',
  severity: 'warning',
  finds: '`use_api_socket`, or a mount of docker.sock or another socket of a container engine',
  reason: 'Whoever speaks to the engine is root on the host; mounting the socket read-only changes nothing about that.',
  fix: 'do without it, or put a proxy in between that passes on only the calls that are needed',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) => [
      ...(said.use_api_socket === true
        ? [
            {
              message: `${name} is given the socket of the engine, and the logins for registries`,
              path: ['services', name, 'use_api_socket'],
              service: name,
            },
          ]
        : []),
      ...(said.volumes ?? []).flatMap(({ type, source = '' }, i) =>
        type === 'bind' && isEngineSocket(source)
          ? [
              {
                message: `${name} is given the socket of the engine, ${source}`,
                path: ['services', name, 'volumes', String(i)],
                service: name,
              },
            ]
          : [],
      ),
    ]),
};

/** Also the folders that hold it. */
const isEngineSocket = (path: string): boolean =>
  /\/(docker|podman|containerd|crio)\.sock$/.test(path) || /^\/(var\/)?run(\/(podman|containerd|crio))?$/.test(path);
