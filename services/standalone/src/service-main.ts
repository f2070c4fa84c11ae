import { enableCompileCache } from 'node:module';
import { existsSync } from 'node:fs';

const names = ['collect', 'resolve', 'profile', 'analyze', 'segment', 'score', 'orchestrate', 'deliver', 'query'];
const name = process.argv[2] ?? '';
const main = new URL(`../../${name}/dist/main.js`, import.meta.url);

if (!names.includes(name) || !existsSync(main)) {
  process.stderr.write(`Usage: npm run service -- <name>, where <name> is one of ${names.join(', ')}.\n`);
  process.exit(2);
}
enableCompileCache();
await import(main.href);
