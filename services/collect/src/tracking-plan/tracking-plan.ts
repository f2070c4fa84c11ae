import type { TouchpointContent, TouchpointType } from '@rapport/events';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { PlannedCall } from './plan-document.js';

export interface PlannedTouchpoint {
  readonly type: TouchpointType;
  readonly event: string | null;
  readonly content: TouchpointContent;
}

/** One rule of the plan that a touchpoint breaks. Names come from the plan, never from the touchpoint. */
export interface Violation {
  /** Property and rule, such as `order_id:required` or `products.price:type`; `unplanned` for an event nobody planned. */
  readonly rule: string;
  /** What is wrong, for the sender's developer. */
  readonly detail: string;
}

/** What the tracking plan has against a touchpoint; nothing, for most. */
export type CheckPlan = (touchpoint: PlannedTouchpoint) => readonly Violation[];

/** More would say nothing new about one event, and each is kept. */
const maxViolations = 5;
const nothing: readonly Violation[] = [];
const unplanned: readonly Violation[] = [
  { rule: 'unplanned', detail: 'the tracking plan has no event of this name; add it there, or send a planned one' },
];

/** Compiles one call. The function it gives throws where the properties are no JSON Schema. */
export function createCallCompiler(): (call: PlannedCall) => ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictTuples: false, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['pii']);
  return ({ properties, required = [] }) => ajv.compile({ type: 'object', properties, required });
}

/**
 * Checks calls by name: track events by the event's name, and the traits of `identify` and `group` calls. Pages,
 * screens and aliases are not planned.
 */
export function compilePlan({
  events,
  identify,
  group,
}: {
  readonly events: ReadonlyMap<string, ValidateFunction>;
  readonly identify: ValidateFunction | undefined;
  readonly group: ValidateFunction | undefined;
}): CheckPlan {
  return ({ type, event, content }) => {
    if (type === 'track') {
      const validate = events.get(event ?? '');
      return validate === undefined ? unplanned : violationsOf(validate, content.properties);
    }
    const validate = type === 'identify' ? identify : type === 'group' ? group : undefined;
    return validate === undefined ? nothing : violationsOf(validate, content.traits);
  };
}

function violationsOf(validate: ValidateFunction, properties: object | undefined): readonly Violation[] {
  if (validate(properties ?? {})) return nothing;
  const byRule = new Map((validate.errors ?? []).map((error) => violationOf(error)).map((each) => [each.rule, each]));
  return [...byRule.values()].slice(0, maxViolations);
}

function violationOf(error: ErrorObject): Violation {
  const names = error.instancePath.split('/').filter((name) => name !== '' && !/^\d+$/.test(name));
  if (error.keyword === 'required') names.push(String(error.params.missingProperty));
  const path = names.join('.');
  const wrong = error.keyword === 'required' ? 'is missing' : (error.message ?? 'is not as planned');
  return { rule: `${path}:${error.keyword}`, detail: `${path} ${wrong}` };
}
