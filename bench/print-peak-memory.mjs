// Loaded with `node --import` before a program: writes the most memory that the process ever held (MB) as the last line to stderr.
// Not process.resourceUsage: its maxRSS begins with what the parent held at the fork.
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  writeSync(2, `\npeak ${Number(kilobytes) / 1024}\n`);
});
