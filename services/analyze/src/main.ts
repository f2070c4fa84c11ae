import { runService } from '@rapport/runtime';
import { AnalyzeModule } from './analyze.module.js';

await runService('analyze', AnalyzeModule);
