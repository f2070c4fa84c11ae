export { openAnalyticsShadow, readAnalyticsState } from './analytics-shadow.js';
export { AnalyzeModule } from './analyze.module.js';
export { analyzeConsumer, clearAnalytics, prepareAnalytics, rebuildAnalyticsConsumer } from './analyze.consumer.js';
export { storeTouchpoints } from './store-touchpoints.js';
export { storeWorkspaces } from './store-workspaces.js';
