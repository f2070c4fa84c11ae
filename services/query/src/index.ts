export { QueryModule } from './query.module.js';
export { SchemaRegistryModule } from './schema-registry/schema-registry.module.js';
