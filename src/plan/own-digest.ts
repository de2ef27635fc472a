import { digestOf } from '../model/image-of.ts';
import { fullImageName } from './image-name.ts';

/** The digest, of those by which registries know an image, that belongs to the repository of a reference. */
export function ownDigest(reference: string, digests: readonly string[]): string | undefined {
  const own = digests.find((each) => repositoryOf(each) === repositoryOf(reference));
  return own === undefined ? undefined : digestOf(own);
}

/** "docker.io/library/nginx" of "nginx:1.27" and of "nginx@sha256:…". */
const repositoryOf = (name: string): string => fullImageName(name.replace(/@.*$/, '')).replace(/:[^/:]+$/, '');
