import type { Finding } from './finding.ts';
import type { Mark } from './mark.ts';

/** Why a stack file of another machine is not read, and what to do instead: `remote-file`. */
export function remoteFile(reference: string, verb: 'include' | 'extend', mark: Mark): Finding {
  const isArtifact = reference.startsWith('oci://');
  const what = isArtifact ? 'an OCI artifact' : 'a file of another machine';
  const message = `"${reference}" is ${what}: stackctl reads the files of this machine only, so that a plan is made of what lies here`;
  const get = isArtifact ? 'fetch it (`oras pull`)' : 'clone it (or add it as a git submodule)';
  return { code: 'remote-file', message, mark, hint: `${get} and ${verb} the file by its path` };
}
