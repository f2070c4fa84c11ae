import { isMainThread, Worker } from 'node:worker_threads';
import { openLmdbStore } from '../lmdb-store.js';

/** A process that ends amid a write transaction: `FOLDER exit|error|error-in-thread`. */
const [folder = '', how] = process.argv.slice(2);

if (how === 'error-in-thread' && isMainThread) {
  new Worker(new URL(import.meta.url), { argv: [folder, how] });
} else {
  const store = openLmdbStore(folder);
  await store.write(() => {
    if (how === 'exit') process.exit(3);
    // Thrown here it would be one of the write's; then it is nobody's, and the write is not yet done.
    process.nextTick(() => {
      throw new Error('nobody caught this');
    });
  });
}
