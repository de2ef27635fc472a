import { join } from 'node:path';
import { fromEntries, get, put, type ByName } from '../lib/record.ts';
import type { ContentRecord } from '../platform/content-record.ts';
import { writeAtomically } from './atomic-file.ts';
import { nodeFs, type Fs } from './fs.ts';
import { readOwnFile } from './own-file.ts';

type Records = ByName<ByName<string>>;

/** Far more containers than one machine has; older entries are of containers long gone. */
const mostEntries = 2_000;

/** The record as one JSON file in the state folder. A file that cannot be read says nothing: then the labels decide. */
export async function fileContentRecord(folder: string, fs: Fs = nodeFs): Promise<ContentRecord> {
  const path = join(folder, 'content.json');
  let records = await readRecords(path, fs);
  return {
    of: (containerId) => get(records, containerId) ?? {},
    async note(containerId, hashes) {
      records = put(records, containerId, { ...get(records, containerId), ...hashes });
      await writeAtomically(path, JSON.stringify(fromEntries(Object.entries(records).slice(-mostEntries))), { fs });
    },
  };
}

async function readRecords(path: string, fs: Fs): Promise<Records> {
  const bytes = await readOwnFile(path, fs).catch(() => undefined);
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return fromEntries(Object.entries(value).flatMap(([id, hashes]) => (isHashes(hashes) ? [[id, hashes] as const] : [])));
  } catch {
    return {};
  }
}

const isHashes = (value: unknown): value is ByName<string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((hash) => typeof hash === 'string');
