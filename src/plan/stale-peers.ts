import type { FieldDiff } from '../model/change.ts';
import type { Observed } from '../model/observed.ts';
import { peersOf } from './peers.ts';
import { containersOf, type Pair } from './services.ts';

/**
 * Namespaces of a peer that was started anew behind our back: the container still has those from before, in which nothing lives. It
 * names the same container as ever, so only the moments at which they started tell.
 */
export function stalePeers({ want, have }: Required<Pair>, observed: Observed): FieldDiff[] {
  return peersOf(want.service.settings)
    .filter(({ mustRun, field }) => mustRun && field !== 'links')
    .filter(({ service }) => {
      const [peer] = containersOf(service, observed);
      const running = peer?.state.status === 'running' && have.state.status === 'running';
      return running && Date.parse(peer.state.startedAt) > Date.parse(have.state.startedAt);
    })
    .map(({ service, field }): FieldDiff => {
      const text = `service:${service}`;
      return { path: field, have: `${text} (before it started anew)`, want: text, cause: 'drift', mend: 'replace' };
    });
}
