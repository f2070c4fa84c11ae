export { CollectModule } from './collect.module.js';
