export { AnalyzeModule } from './analyze.module.js';
export { analyzeConsumer, clearAnalytics, prepareAnalytics } from './analyze.consumer.js';
