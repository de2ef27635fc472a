import { once } from 'node:events';
import { connect } from 'node:net';
import { frameOf, framesOf } from '../lib/frames.ts';

/** https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent#section-3; OpenSSH takes nothing longer than 256 KiB either. */
const framing = { prefix: 4, longest: 256 * 1024 };

/** SSH_AGENTC_REQUEST_IDENTITIES and SSH_AGENTC_SIGN_REQUEST: what needs no more trust than being allowed to sign. */
const passed = [11, 13];

const refused = Uint8Array.of(5); // SSH_AGENT_FAILURE

/**
 * Puts the requests of somebody else to the SSH agent at a socket, one after the other, and gives its answers out. Keys may be listed and
 * signed with; what would change the agent (adding, removing, locking) is refused without asking it.
 */
export async function* forwardAgent(path: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const agent = connect(path);
  agent.on('error', () => undefined); // whoever reads hears of it
  await once(agent, 'connect');
  const answers = framesOf(agent, framing);
  try {
    for await (const request of framesOf(bytes, framing)) {
      if (!passed.includes(request[framing.prefix] ?? 0)) {
        yield frameOf(refused, framing.prefix);
        continue;
      }
      agent.write(request);
      const { done, value } = await answers.next();
      if (done) return;
      yield value;
    }
  } finally {
    agent.destroy();
  }
}
