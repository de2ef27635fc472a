// Loaded into stackctl by NODE_OPTIONS=--require: ends it with SIGKILL at its nth point (CRASH_AT=n), from 1. A point is the moment
// before and after each write, sync and rename of a file, and before and after each request that changes something: all the
// boundaries of the journal, and nothing of it in the product. Without CRASH_AT it says at the end how many points there were.
const { writeSync } = require('node:fs');
const files = require('node:fs/promises');
const http = require('node:http');

const at = Number(process.env.CRASH_AT ?? Infinity);
let seen = 0;

function point(name) {
  seen += 1;
  if (seen !== at) return;
  writeSync(2, `\nkilled at point ${seen}: ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function between(owner, method) {
  const original = owner[method];
  owner[method] = async function (...words) {
    point(`before ${method}`);
    const answer = await original.apply(this, words);
    point(`after ${method}`);
    return answer;
  };
}

const { open } = files;
let handles;
files.open = async (...words) => {
  const handle = await open(...words);
  if (!handles) {
    handles = Object.getPrototypeOf(handle);
    for (const method of ['write', 'appendFile', 'datasync', 'sync', 'truncate']) between(handles, method);
  }
  return handle;
};
between(files, 'rename');

const { request } = http;
http.request = function (options, ...rest) {
  const { method = 'GET', path = '' } = options;
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes) point(`before ${method} ${path}`);
  const call = request.call(this, options, ...rest);
  if (changes) call.prependListener('response', () => point(`after ${method} ${path}`));
  return call;
};

if (at === Infinity) process.on('exit', () => writeSync(2, `\npoints: ${seen}\n`));
