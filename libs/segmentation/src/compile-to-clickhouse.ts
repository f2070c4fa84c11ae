import type { Condition, SegmentDefinition } from './definition.js';

export interface ClickHouseQuery {
  readonly query: string;
  readonly query_params: Readonly<Record<string, string | number>>;
}

/**
 * The same segment as one ClickHouse question over recorded touchpoints: its members `profile_id`, sorted, as of `now`
 * (milliseconds). Every value is a parameter; only names from this file reach the text. The view follows merges.
 */
export function compileToClickHouse(
  definition: SegmentDefinition,
  { workspaceId, now, from }: { readonly workspaceId: string; readonly now: number; readonly from: string },
): ClickHouseQuery {
  const parameters: Record<string, string | number> = { workspace_id: workspaceId, now };
  const bind = (prefix: string, type: string, value: string | number): string => {
    const name = `${prefix}_${Object.keys(parameters).length}`;
    parameters[name] = value;
    return `{${name}:${type}}`;
  };
  const having = compile(definition.when, bind);
  const query = [
    'SELECT profile_id',
    `FROM ${from}`,
    "WHERE workspace_id = {workspace_id:String} AND type = 'track'",
    'GROUP BY profile_id',
    `HAVING ${having}`,
    'ORDER BY profile_id',
  ].join('\n');
  return { query, query_params: parameters };
}

type Bind = (prefix: string, type: string, value: string | number) => string;

function compile(condition: Condition, bind: Bind): string {
  switch (condition.kind) {
    case 'all':
      return condition.of.length === 0 ? '1' : `(${condition.of.map((part) => compile(part, bind)).join(' AND ')})`;
    case 'any':
      return condition.of.length === 0 ? '0' : `(${condition.of.map((part) => compile(part, bind)).join(' OR ')})`;
    case 'not':
      return `NOT (${compile(condition.of, bind)})`;
    case 'performed': {
      const count = `countIf(event = ${bind('event', 'String', condition.event)})`;
      const atLeast = `${count} >= ${bind('at_least', 'UInt64', condition.atLeast)}`;
      if (condition.atMost === Number.POSITIVE_INFINITY) return `(${atLeast})`;
      return `(${atLeast} AND ${count} <= ${bind('at_most', 'UInt64', condition.atMost)})`;
    }
    case 'performed-within': {
      const event = bind('event', 'String', condition.event);
      const within = bind('within_ms', 'Int64', condition.withinMs);
      return `(countIf(event = ${event} AND toUnixTimestamp64Milli(timestamp) > {now:Int64} - ${within}) > 0)`;
    }
  }
}
