export { certificateKey, CertificateError, verifyCertificate, type ErasureCertificate } from './privacy/certificate.js';
export type { ErasureDto } from './privacy/erasure.dto.js';
export { QueryModule } from './query.module.js';
export { SchemaRegistryModule } from './schema-registry/schema-registry.module.js';
export { loadAttributions, type AttributionDefinition } from './analytics/attribution/attribution-definition.js';
export { readAttribution, type Attribution } from './analytics/attribution/read-attribution.js';
export { loadExperiments, type ExperimentDefinition } from './analytics/experiments/experiment-definition.js';
export { readExperiment, type ExperimentResult } from './analytics/experiments/read-experiment.js';
