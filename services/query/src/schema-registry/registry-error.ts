/** What a schema registry answers when it cannot: an HTTP status, and a code of Confluent's that says more. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';

  constructor(
    readonly status: number,
    readonly errorCode: number,
    message: string,
  ) {
    super(message);
  }

  static subjectNotFound(subject: string): RegistryError {
    return new RegistryError(404, 40401, `Subject '${subject}' not found.`);
  }

  static versionNotFound(version: string): RegistryError {
    return new RegistryError(404, 40402, `Version ${version} not found.`);
  }

  static schemaNotFound(): RegistryError {
    return new RegistryError(404, 40403, 'Schema not found');
  }

  static invalidSchema(detail: string): RegistryError {
    return new RegistryError(422, 42201, `Invalid schema: ${detail}`);
  }

  static invalidVersion(version: string): RegistryError {
    return new RegistryError(
      422,
      42202,
      `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and "latest"`,
    );
  }

  static readOnly(): RegistryError {
    return new RegistryError(
      422,
      42205,
      'This registry is in READONLY mode: add the schema to schemas/events of the project, with an id in ids.yaml.',
    );
  }
}
