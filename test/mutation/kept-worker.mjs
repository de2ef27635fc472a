import { ThreadsPoolWorker } from 'vitest/node';

/** So many mutants are tried in one thread: what vitest keeps of each run would slow it down in the end. */
const runsPerThread = 100;

let kept;

/**
 * Runs all tests in one thread that stays from mutant to mutant, with what it has loaded: starting a thread and loading the program anew is most of
 * what a mutant costs. A mutant outside of every function takes part in the loading: it gets a thread of its own.
 */
export const keepWorker = {
  name: 'kept-worker',
  configureVitest({ project }) {
    project.config.isolate = false;
    project.config.pool = 'kept';
    project.config.poolRunner = { name: 'kept', createPoolWorker: (options) => keptWorker(options) };
  },
};

function keptWorker({ project, ...options }) {
  const isLoadedWithMutant = project.getProvidedContext().mutantActivation !== 'runtime';
  const inner = isLoadedWithMutant ? new ThreadsPoolWorker({ project, ...options }) : keptThread({ project, ...options });
  return isLoadedWithMutant ? named(inner) : staying(inner);
}

function keptThread(options) {
  if (kept && (kept.runs += 1) <= runsPerThread) return kept.thread;
  void kept?.thread.stop();
  kept = { thread: new ThreadsPoolWorker(options), runs: 1 };
  return kept.thread;
}

const named = (thread) => Object.assign(thread, { name: 'kept' });

/** What vitest takes for a thread of its own: told to stop, it says that it did, and stays. */
function staying(thread) {
  const listeners = [];
  const on = (event, listener) => {
    listeners.push([event, listener]);
    thread.on(event, listener);
  };
  return {
    name: 'kept',
    on,
    off: (event, listener) => thread.off(event, listener),
    deserialize: (data) => data,
    start: async () => {
      thread._thread ?? (await thread.start());
    },
    send: (message) => {
      if (message.type !== 'stop') thread.send(message);
      else
        for (const [event, listener] of listeners) if (event === 'message') listener({ type: 'stopped', __vitest_worker_response__: true });
    },
    stop: async () => listeners.forEach(([event, listener]) => thread.off(event, listener)),
  };
}
