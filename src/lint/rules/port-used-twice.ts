import { collide } from '../../model/host-socket.ts';
import { hostPorts, type HostPort } from '../host-ports.ts';
import type { Rule } from '../rule.ts';

export const portUsedTwice: Rule = {
  id: 'port-used-twice',
  severity: 'error',
  finds: 'one host port that two services want, in this stack or in another one of stack.config.yaml',
  reason: 'Only one of them can have it: the other fails with "address already in use".',
  fix: 'give one of them another port',
  find: (linted) => {
    const own = hostPorts(linted);
    // Two files of one stack are one or the other
    const others = linted.others.filter((other) => other.desired.stack !== linted.desired.stack);
    const foreign = others.flatMap((other) => hostPorts(other).map((port) => ({ port, stack: other.name })));
    return own.flatMap((port, i) => {
      const found = (who: string) => [{ message: messageOf(port, who), path: port.path, service: port.service }];
      if (port.replicas > 1) return found(`each of its ${port.replicas} replicas`);
      const twin = own.slice(0, i).find((other) => meet(other, port));
      if (twin) return found(twin.service === port.service ? 'another entry of its own' : twin.service);
      const stranger = foreign.find((other) => meet(other.port, port));
      return stranger ? found(`${stranger.port.service} of the stack ${stranger.stack}`) : [];
    });
  },
};

const messageOf = ({ service, socket }: HostPort, who: string): string =>
  `${service} wants port ${socket.port}/${socket.protocol} of the host, and so does ${who}`;

/** Services of different profiles are often one or the other. */
function meet(left: HostPort, right: HostPort): boolean {
  const apart = left.profiles.length > 0 && right.profiles.length > 0 && !left.profiles.some((profile) => right.profiles.includes(profile));
  return !apart && collide(left.socket, right.socket);
}
