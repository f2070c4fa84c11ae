export { enterAnalyticsShadow, openAnalyticsShadow, readAnalyticsState } from './analytics-shadow.js';
export { AnalyzeModule } from './analyze.module.js';
export { analyticsConsumerOn, analyzeConsumer, clearAnalytics, prepareAnalytics } from './analyze.consumer.js';
export { storeTouchpoints } from './store-touchpoints.js';
export { storeWorkspaces } from './store-workspaces.js';
