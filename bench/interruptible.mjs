// Ctrl-C ends what is measured, not what clears up.

/** Runs `work` with a signal that Ctrl-C aborts; once it has cleared up, the exit code says so. @param {(signal: AbortSignal) => Promise<void>} work */
export async function interruptible(work) {
  const interrupted = new AbortController();
  const stop = (/** @type {string} */ name) => {
    console.error(`\n${name}: stopping and clearing up`);
    interrupted.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
  try {
    await work(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  }
}
