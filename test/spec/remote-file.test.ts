import { expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

it.each([
  [
    'include: ["https://host/a.git"]\nservices: { a: { image: i } }',
    '1:11 remote-file: "https://host/a.git" is a file of another machine: stackctl reads the files of this machine only, so that a plan is made of what lies here (clone it (or add it as a git submodule) and include the file by its path)',
  ],
  [
    'include: [{ path: [own.yaml, "oci://host/x:1"] }]\nservices: { a: { image: i } }',
    '1:30 remote-file: "oci://host/x:1" is an OCI artifact: stackctl reads the files of this machine only, so that a plan is made of what lies here (fetch it (`oras pull`) and include the file by its path)',
  ],
  [
    'services: { a: { extends: { service: x, file: "git@host:a.git" } } }',
    '1:47 remote-file: "git@host:a.git" is a file of another machine: stackctl reads the files of this machine only, so that a plan is made of what lies here (clone it (or add it as a git submodule) and extend the file by its path)',
  ],
])('%s is refused with the reason, and with what to do', async (yaml, problem) => expect(await problemsOf(yaml)).toEqual([problem]));
