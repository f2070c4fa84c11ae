import type { ErrorObject } from 'ajv';

/** A schema violation in words. `atKey`: the key itself is at fault, not its value. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly atKey: boolean;
  readonly message: string;
}

/** Ajv's errors as people want them: one fault a cause, each with what to do about it. */
export function schemaFaults(errors: readonly ErrorObject[]): SchemaFault[] {
  const alternatives = errors.filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf');
  const kept = errors.filter((error) => !isNoise(error, errors, alternatives));
  const seen = new Set<string>();
  return kept
    .map((error) => toFault(error, errors))
    .filter((fault) => {
      const identity = JSON.stringify(fault);
      return !seen.has(identity) && seen.add(identity);
    });
}

/**
 * Of a failed choice, Ajv reports what is wrong with every branch. Faults below the choice's own object come from the
 * branch that the author meant; where there are none, the choice itself is the fault.
 */
function isNoise(error: ErrorObject, errors: readonly ErrorObject[], alternatives: readonly ErrorObject[]): boolean {
  if (error.keyword === 'if') return true;
  return alternatives.some((choice) => {
    const fromBranches = errors.filter((other) => other !== choice && !isBesideChoice(other, choice));
    const deeper = fromBranches.some((other) => isBelow(other.instancePath, choice.instancePath));
    if (error === choice) return deeper;
    return error.instancePath === choice.instancePath && !isBesideChoice(error, choice);
  });
}

/** A rule of the same schema object that stands next to the choice, not inside one of its branches. */
function isBesideChoice(error: ErrorObject, choice: ErrorObject): boolean {
  const parent = choice.schemaPath.slice(0, -choice.keyword.length);
  const path = error.schemaPath;
  return path.startsWith(parent) && !path.startsWith(`${choice.schemaPath}/`) && !path.startsWith('#/$defs/');
}

function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(`${ancestor}/`);
}

function toFault(error: ErrorObject, errors: readonly ErrorObject[]): SchemaFault {
  const path = pathOf(error.instancePath);
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
    const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
    const choice = known.length > 0 ? `; known here: ${known.join(', ')}` : '';
    return { path: [...path, key], atKey: true, message: `is not known; remove it or correct its name${choice}` };
  }
  return { path, atKey: false, message: messageOf(error, errors) };
}

function messageOf(error: ErrorObject, errors: readonly ErrorObject[]): string {
  const { keyword, params } = error;
  const meaning = typeof error.parentSchema?.description === 'string' ? ` (${error.parentSchema.description})` : '';
  switch (keyword) {
    case 'required':
      return `"${params.missingProperty}" is missing; add it`;
    case 'enum':
      return `is ${shown(error.data)}; use one of ${(params.allowedValues as unknown[]).map(shown).join(', ')}`;
    case 'const':
      return `is ${shown(error.data)}; write ${shown(params.allowedValue)}`;
    case 'type':
      return `is ${kindOf(error.data)}; write ${[params.type].flat().map(article).join(' or ')}${meaning}`;
    case 'oneOf':
    case 'anyOf':
      return choiceMessage(error, errors) + meaning;
    default:
      return `${error.message ?? `breaks the rule ${keyword}`}; it is ${shown(error.data)}${meaning}`;
  }
}

function choiceMessage(choice: ErrorObject, errors: readonly ErrorObject[]): string {
  const wanted = errors
    .filter((e) => e.instancePath === choice.instancePath && e.keyword === 'required' && !isBesideChoice(e, choice))
    .map((error) => `"${error.params.missingProperty}"`);
  const hint =
    wanted.length > 0 ? `; give one of ${[...new Set(wanted)].join(', ')}` : '; see the schema for the forms';
  const many = Array.isArray(choice.params.passingSchemas) && choice.params.passingSchemas.length > 1;
  return many ? 'fits several of the allowed forms; keep one of them' : `fits none of the allowed forms${hint}`;
}

function pathOf(instancePath: string): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : part));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  return Array.isArray(value) ? 'a list' : article(typeof value);
}

function article(type: string): string {
  const names: Record<string, string> = { object: 'a mapping', array: 'a list', string: 'a text', null: 'nothing' };
  return names[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
}
