import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withAgents } from '../../src/adapters/ssh-agents.ts';

const hasSsh = ((): boolean => {
  try {
    execFileSync('ssh-keygen', ['-?'], { stdio: 'ignore' });
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
  return true;
})();
if (!hasSsh) console.log('skipped: there is no ssh-keygen on this machine');

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stackctl-keys-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });
  return folder;
}

function aKey(folder: string, ...more: readonly string[]): string {
  const key = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-C', 'of the test', '-N', '', '-f', key, ...more]);
  return key;
}

const listed = (socket: string): string => execFileSync('ssh-add', ['-l'], { env: { ...process.env, SSH_AUTH_SOCK: socket } }).toString();

const never = new AbortController().signal;

test.runIf(hasSsh)('a private key gets an agent of its own, which holds it and nothing else and ends with the use', async () => {
  const key = aKey(aFolder());
  chmodSync(key, 0o644); // whose key it is is not our business
  let used = '';
  await withAgents({ default: key, own: key }, never, async ({ default: socket = '', own = '' }) => {
    expect(own).not.toBe(socket);
    expect(listed(socket)).toMatch(/^256 \S+ of the test \(ED25519\)\n$/);
    await withAgents({ mine: socket }, never, async ({ mine }) => expect(mine).toBe(socket));
    vi.stubEnv('SSH_AUTH_SOCK', socket);
    await withAgents({ default: '' }, never, async ({ default: again }) => expect(again).toBe(socket));
    used = socket;
  });
  expect(existsSync(used)).toBe(false);
});

test.runIf(hasSsh)('says what is missing, and what to do', async () => {
  const folder = aFolder();
  const use = (path: string) => withAgents({ default: path }, never, async () => expect.fail('nothing to use'));
  writeFileSync(join(folder, 'none'), 'no key');
  const secret = aKey(folder, '-P', '');
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'a passphrase', '-f', secret]);
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
  await expect(use('')).rejects.toThrow(/there is no SSH agent: SSH_AUTH_SOCK is not set. Start one/);
  vi.stubEnv('SSH_AUTH_SOCK', '/no/such');
  await expect(use('')).rejects.toThrow(/SSH_AUTH_SOCK names \/no\/such, which cannot be read: ENOENT/);
  await expect(use(join(folder, 'gone'))).rejects.toThrow(/its "ssh" names \S+gone, which cannot be read: ENOENT/);
  await expect(use(folder)).rejects.toThrow(/neither the socket of an agent nor a file with a private key/);
  await expect(use(join(folder, 'none'))).rejects.toThrow(
    /the key in \S+none cannot be used: .*\. A key with a passphrase is for an agent/s,
  );
  await expect(use(secret)).rejects.toThrow(/the key in \S+key cannot be used: .*\. A key with a passphrase is for an agent/s);
});
