import { enableCompileCache } from 'node:module';

// Most of a start is compiling the same modules again; the cache has to be on before they are imported.
enableCompileCache();
await import('./run-standalone.js');
