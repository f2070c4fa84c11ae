export { loadSegments } from './load-segments.js';
export { segmentConsumer, segmentConsumerOf } from './segment.consumer.js';
export { SegmentModule } from './segment.module.js';
