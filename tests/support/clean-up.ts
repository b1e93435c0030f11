type Work = () => void;

const pending = new Set<Work>();

// A signal ends the process as an error would: through `exit`, where what it started is ended too.
process.once('exit', () => {
  for (const work of pending) work();
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Does the work when the process ends, however it ends; call the result once it is done or needless. */
export function atExit(work: Work): () => void {
  pending.add(work);
  return () => void pending.delete(work);
}
