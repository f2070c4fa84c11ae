import { openLmdbStore } from '../lmdb-store.js';

/** A process that ends amid a write transaction: `FOLDER exit|error`. */
const [folder = '', how] = process.argv.slice(2);

const store = openLmdbStore(folder);
await store.write(() => {
  if (how === 'exit') process.exit(3);
  // Thrown here it would be one of the write's; then it is nobody's, and the write is not yet done.
  process.nextTick(() => {
    throw new Error('nobody caught this');
  });
});
