export { startStandalone, type Standalone } from './standalone.js';
export { childEnvironment } from './supervisor/child-environment.js';
export { type Endpoints } from './supervisor/endpoints.js';
export { DataFolderInUseError } from './supervisor/instance-lock.js';
