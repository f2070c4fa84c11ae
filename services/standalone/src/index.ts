export { startStandalone, type Standalone } from './standalone.js';
export { childEnvironment } from './supervisor/child-environment.js';
export { type Endpoints } from './supervisor/endpoints.js';
export { DataFolderInUseError } from './supervisor/instance-lock.js';
export { loadMapping, type Mapping } from './import/load-mapping.js';
export { touchpointsOf, type Imported, type ImportOptions } from './import/touchpoints-of.js';
export { waitForConsumers } from './demo/consumers.js';
export { generateShop } from './demo/shop-generator.js';
export { projections, type Projection } from './cli/projections.js';
