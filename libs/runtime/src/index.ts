export {
  RetriableError,
  type BatchResult,
  type InputRecord,
  type Outcome,
  type Output,
  type StatefulConsumer,
  type TokenizedConsumer,
} from './consumer/consumer.js';
export type { RapportConfig } from './config/config.js';
export { PLATFORM, type Platform } from './platform/platform.js';
