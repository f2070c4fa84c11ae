import { runService } from '@rapport/runtime';
import { SegmentModule } from './segment.module.js';

await runService('segment', SegmentModule);
