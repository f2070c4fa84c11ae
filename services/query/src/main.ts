import { runService } from '@rapport/runtime';
import { QueryModule } from './query.module.js';
import { SchemaRegistryModule } from './schema-registry/schema-registry.module.js';

await runService('query', [QueryModule, SchemaRegistryModule]);
