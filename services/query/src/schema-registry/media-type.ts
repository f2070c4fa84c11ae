export const registryMediaType = 'application/vnd.schemaregistry.v1+json';
