import { groupIn, userIn, type Accounts } from '../lib/accounts.ts';
import type { Ids } from '../model/seen-data.ts';
import type { UserOfImage } from '../platform/data-work.ts';
import { EngineError } from '../platform/engine-error.ts';
import { answerOf } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { helperLabel, helperOwner, helperOwnerLabel, removeHelper } from './docker-helpers-left.ts';
import { fullId } from './docker-inspect.ts';
import { bytesOf, tarEntries } from './tar-reader.ts';

/** Nobody has as many users. */
const largestFile = 1024 * 1024;

/** The ids of a user of an image, and of its group; nothing of the image is run for it. Throws "not-found" for a name that it has not. */
export async function idsOf(link: Link, { image, user, group, withGroup }: UserOfImage, signal: AbortSignal): Promise<Ids> {
  const isKnown = /^\d+$/.test(user) && (group === undefined ? !withGroup : /^\d+$/.test(group));
  const accounts = isKnown ? { passwd: '', group: '' } : await accountsOf(link, image, signal);
  const found = userIn(accounts, user === '' ? '0' : user);
  if (!found) throw new EngineError('not-found', `image ${image} has no user ${user}`);
  if (group === undefined) return withGroup ? { uid: found.uid, gid: found.gid ?? 0 } : { uid: found.uid };
  const gid = groupIn(accounts, group);
  if (gid === undefined) throw new EngineError('not-found', `image ${image} has no group ${group}`);
  return { uid: found.uid, gid };
}

/** Read from a container that is made for it, never started, and removed again. */
async function accountsOf(link: Link, image: string, signal: AbortSignal): Promise<Accounts> {
  const what = `look up users of image ${image}`;
  const id = await call({ what, signal, withinMs: lookMs }, async (until) => {
    const { id: made } = await link.docker(until).createContainer({
      Image: image,
      Entrypoint: [],
      Cmd: ['none'],
      Labels: { [helperLabel]: what, [helperOwnerLabel]: helperOwner() },
      NetworkDisabled: true,
      HostConfig: { NetworkMode: 'none' },
    });
    return fullId(answerOf({ Id: made }, 'created container'));
  });
  try {
    const [passwd, group] = await Promise.all(['/etc/passwd', '/etc/group'].map((path) => fileIn(link, { id, path, what }, signal)));
    return { passwd: passwd ?? '', group: group ?? '' };
  } finally {
    await removeHelper(link, id);
  }
}

interface Reading {
  readonly id: string;
  readonly path: string;
  readonly what: string;
}

async function fileIn(link: Link, { id, path, what }: Reading, signal: AbortSignal): Promise<string> {
  try {
    return await call({ what, signal, withinMs: lookMs }, async (until) => {
      const archive = bytesOf(await link.docker(until).getContainer(id).getArchive({ path }));
      for await (const { content, kind } of tarEntries(archive)) return kind === 'file' ? await textOf(content) : '';
      return '';
    });
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return '';
    throw error;
  }
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > largestFile) throw new EngineError('garbled', 'The list of users is larger than any image has');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
