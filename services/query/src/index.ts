export { SchemaRegistryModule } from './schema-registry/schema-registry.module.js';
