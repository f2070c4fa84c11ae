import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, UseFilters } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { registryMediaType } from './media-type.js';
import { RegistryErrorFilter } from './registry-error.filter.js';
import { RegistryError } from './registry-error.js';
import { SchemaRegistry, type Compatibility, type RegisteredSchema, type SubjectVersion } from './schema-registry.js';

/** The read side of the Confluent Schema Registry API, so that any Kafka tool can decode our topics. */
@ApiTags('schema registry')
@ApiProduces(registryMediaType)
@UseFilters(RegistryErrorFilter)
@Controller('schema-registry')
export class SchemaRegistryController {
  constructor(@Inject(SchemaRegistry) private readonly registry: SchemaRegistry) {}

  @Get()
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Answers, so that a client knows the registry is there' })
  root(): Record<string, never> {
    return {};
  }

  @Get('subjects')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Names of all subjects' })
  @ApiQuery({ name: 'subjectPrefix', required: false })
  subjects(@Query('subjectPrefix') prefix?: string): readonly string[] {
    return this.registry.subjects(prefix);
  }

  @Get('subjects/:subject/versions')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Versions of a subject' })
  versions(@Param('subject') subject: string): readonly number[] {
    return this.registry.versions(subject);
  }

  @Get('subjects/:subject/versions/:version')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'One version (a number or "latest") of a subject' })
  version(@Param('subject') subject: string, @Param('version') version: string): RegisteredSchema {
    return this.registry.version(subject, version);
  }

  @Get('subjects/:subject/versions/:version/schema')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The Avro schema of one version, bare' })
  schemaOfVersion(@Param('subject') subject: string, @Param('version') version: string): string {
    return this.registry.version(subject, version).schema;
  }

  @Post('subjects/:subject')
  @HttpCode(200)
  @Header('content-type', registryMediaType)
  @ApiConsumes(registryMediaType, 'application/json')
  @ApiOperation({ summary: 'Looks up under which id and version a schema stands' })
  lookUp(@Param('subject') subject: string, @Body() body: unknown): RegisteredSchema {
    return this.registry.lookUp(subject, schemaIn(body));
  }

  @Post('subjects/:subject/versions')
  @HttpCode(200)
  @Header('content-type', registryMediaType)
  @ApiConsumes(registryMediaType, 'application/json')
  @ApiOperation({ summary: 'Answers the id of a schema that stands already; anything else is refused as read-only' })
  register(@Param('subject') subject: string, @Body() body: unknown): { readonly id: number } {
    return this.registry.register(subject, schemaIn(body));
  }

  @Get('schemas')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'All schemas of all subjects' })
  @ApiQuery({ name: 'subjectPrefix', required: false })
  @ApiQuery({ name: 'latestOnly', required: false, type: Boolean })
  schemas(
    @Query('subjectPrefix') prefix?: string,
    @Query('latestOnly') latestOnly?: string,
  ): readonly RegisteredSchema[] {
    return this.registry.all(prefix, latestOnly === 'true');
  }

  @Get('schemas/types')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Kinds of schema: Avro' })
  types(): readonly string[] {
    return ['AVRO'];
  }

  @Get('schemas/ids/:id')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The schema of an id, as it stands in the first bytes of every record' })
  @ApiQuery({ name: 'fetchMaxId', required: false, type: Boolean })
  byId(@Param('id') id: string, @Query('fetchMaxId') fetchMaxId?: string): { schema: string; maxId?: number } {
    const schema = this.registry.byId(id);
    return fetchMaxId === 'true' ? { schema, maxId: this.registry.maxId } : { schema };
  }

  @Get('schemas/ids/:id/schema')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The Avro schema of an id, bare' })
  schemaById(@Param('id') id: string): string {
    return this.registry.byId(id);
  }

  @Get('schemas/ids/:id/subjects')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Subjects that use an id' })
  subjectsOf(@Param('id') id: string): readonly string[] {
    return this.registry.usesOf(id).map(({ subject }) => subject);
  }

  @Get('schemas/ids/:id/versions')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Subjects and versions that use an id' })
  usesOf(@Param('id') id: string): readonly SubjectVersion[] {
    return this.registry.usesOf(id);
  }

  @Get('config')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The rule of compatibility, the same for every subject' })
  config(): { compatibilityLevel: string } {
    return { compatibilityLevel: 'BACKWARD_TRANSITIVE' };
  }

  @Get('config/:subject')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The rule of compatibility of a subject' })
  configOf(@Param('subject') subject: string): { compatibilityLevel: string } {
    this.registry.versions(subject);
    return this.config();
  }

  @Get('mode')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'Read-only: schemas are published with the project' })
  mode(): { mode: string } {
    return { mode: 'READONLY' };
  }

  @Get('mode/:subject')
  @Header('content-type', registryMediaType)
  @ApiOperation({ summary: 'The mode of a subject: read-only' })
  modeOf(@Param('subject') subject: string): { mode: string } {
    this.registry.versions(subject);
    return this.mode();
  }

  @Post('compatibility/subjects/:subject/versions')
  @HttpCode(200)
  @Header('content-type', registryMediaType)
  @ApiConsumes(registryMediaType, 'application/json')
  @ApiOperation({ summary: 'Whether a schema could be the next version, after all there are' })
  @ApiQuery({ name: 'verbose', required: false, type: Boolean })
  compatibility(
    @Param('subject') subject: string,
    @Body() body: unknown,
    @Query('verbose') verbose?: string,
  ): Compatibility {
    return compatibilityOf(this.registry.compatibility(subject, schemaIn(body)), verbose);
  }

  @Post('compatibility/subjects/:subject/versions/:version')
  @HttpCode(200)
  @Header('content-type', registryMediaType)
  @ApiConsumes(registryMediaType, 'application/json')
  @ApiOperation({ summary: 'Whether a schema could follow one version' })
  @ApiQuery({ name: 'verbose', required: false, type: Boolean })
  compatibilityWith(
    @Param('subject') subject: string,
    @Param('version') version: string,
    @Body() body: unknown,
    @Query('verbose') verbose?: string,
  ): Compatibility {
    return compatibilityOf(this.registry.compatibility(subject, schemaIn(body), version), verbose);
  }
}

function compatibilityOf(
  { is_compatible, messages }: Required<Compatibility>,
  verbose: string | undefined,
): Compatibility {
  return verbose === 'true' ? { is_compatible, messages } : { is_compatible };
}

const maxSchemaLength = 256 * 1024;

function schemaIn(body: unknown): string {
  const { schema, schemaType = 'AVRO' } = (body ?? {}) as { readonly schema?: unknown; readonly schemaType?: unknown };
  if (schemaType !== 'AVRO') throw RegistryError.invalidSchema('only schemaType AVRO is supported');
  if (typeof schema !== 'string')
    throw RegistryError.invalidSchema('the body must be {"schema": "<Avro schema as text>"}');
  if (schema.length > maxSchemaLength) throw new RegistryError(422, 42209, `Schema is longer than ${maxSchemaLength}`);
  return schema;
}
