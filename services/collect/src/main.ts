import { runService } from '@rapport/runtime';
import { CollectModule } from './collect.module.js';

await runService('collect', CollectModule, { usesPostgres: false });
