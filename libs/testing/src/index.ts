export { eventually } from './eventually.js';
export { freePort } from './free-port.js';
export { temporaryFolder } from './temporary-folder.js';
export { startTestPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.js';
