/** A file of the tracking plan, as `schemas/definitions/tracking-plan.schema.json` lets it through. */
export interface PlanDocument {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  /** By the name of the track event. */
  readonly events?: Readonly<Record<string, PlannedCall>>;
  readonly identify?: PlannedCall;
  readonly group?: PlannedCall;
}

export interface PlannedCall {
  readonly description: string;
  readonly required?: readonly string[];
  /** JSON Schemas of properties (traits, for identify and group) by name. */
  readonly properties: Readonly<Record<string, object>>;
  readonly example: object;
}
