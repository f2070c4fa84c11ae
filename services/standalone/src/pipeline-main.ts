import { enableCompileCache } from 'node:module';

// Without its parent nobody would stop it: a killed parent must not leave consumers behind. The parent may be gone
// before this line, so the channel is looked at too.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
if (!process.connected) process.exit(1);

enableCompileCache();
await import('./run-pipeline.js');
