import path from 'node:path';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { faultsOf, segmentFrom, type SegmentDefinition, type SegmentFile } from '@rapport/segmentation';

/** The segments under `deploy/definitions/segments`. Throws `DefinitionError` with every fault of every file. */
export async function loadSegments(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<readonly SegmentDefinition[]> {
  const files = await loadDefinitions<SegmentFile>({
    folder: path.join(config.definitionsDir, 'segments'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'segment.schema.json'),
  });
  const segments = files.map(({ value }) => segmentFrom(value));
  const faults = faultsOf(segments).flatMap(({ index, path: at, message }) => files[index]?.faultAt(at, message) ?? []);
  if (faults.length > 0) throw new DefinitionError(faults);
  return segments;
}
