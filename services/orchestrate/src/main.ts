import { runService } from '@rapport/runtime';
import { OrchestrateModule } from './orchestrate.module.js';

await runService('orchestrate', OrchestrateModule);
