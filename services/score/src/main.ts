import { runService } from '@rapport/runtime';
import { ScoreModule } from './score.module.js';

await runService('score', ScoreModule);
