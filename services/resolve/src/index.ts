export { resolveConsumer } from './resolve.consumer.js';
export { ResolveModule } from './resolve.module.js';
