import { runService } from '@rapport/runtime';
import { ResolveModule } from './resolve.module.js';

await runService('resolve', ResolveModule);
