import { runService } from '@rapport/runtime';
import { DeliverModule } from './deliver.module.js';
import { OutboxModule } from './outbox.module.js';

await runService('deliver', [DeliverModule, OutboxModule]);
