import { runService } from '@rapport/runtime';
import { ProfileModule } from './profile.module.js';

await runService('profile', ProfileModule);
