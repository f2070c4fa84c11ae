import { figuresOf, mergeOrders, noOrder, storableJson, storableText, type OrderState } from '@rapport/profile';
import { loadSql, type PersonKey } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  load: loadSql(import.meta.url, 'load-orders'),
  take: loadSql(import.meta.url, 'take-orders'),
  save: loadSql(import.meta.url, 'save-orders'),
};

export interface OrderOfProfile extends PersonKey {
  readonly orderId: string;
  readonly state: OrderState;
}

interface OrderRow {
  readonly workspace_id: string;
  readonly profile_id: string;
  readonly order_id: string;
  readonly completed: OrderState['completed'];
  readonly refunds: OrderState['refunds'];
}

/**
 * Joins what is new about orders to what is known of them. The people they belong to are locked, and with them their
 * orders. `currencyOf` gives the currency of a workspace, for amounts that name none.
 */
export async function joinOrders(
  tx: PoolClient,
  orders: readonly OrderOfProfile[],
  currencyOf: (workspaceId: string) => string,
): Promise<void> {
  if (orders.length === 0) return;
  const joined = new Map<string, OrderOfProfile>();
  const join = (order: OrderOfProfile): void => {
    const known = joined.get(nameOf(order));
    joined.set(nameOf(order), { ...order, state: mergeOrders(known?.state ?? noOrder, order.state) });
  };
  for (const order of orders) join({ ...order, orderId: storableText(order.orderId) });
  for (const known of await loadOrders(tx, [...joined.values()])) join(known);
  const rows = [...joined.values()].map((order) => rowOf(order, currencyOf(order.workspaceId)));
  await tx.query(sql.save, [storableJson(rows)]);
}

/** Removes and gives the orders of people who were merged, to be joined to the survivors'. */
export async function takeOrders(tx: PoolClient, merged: readonly PersonKey[]): Promise<readonly OrderOfProfile[]> {
  if (merged.length === 0) return [];
  const { rows } = await tx.query<OrderRow>(sql.take, [
    merged.map(({ workspaceId }) => workspaceId),
    merged.map(({ profileId }) => profileId),
  ]);
  return rows.map(orderOfRow);
}

async function loadOrders(tx: PoolClient, wanted: readonly OrderOfProfile[]): Promise<readonly OrderOfProfile[]> {
  const { rows } = await tx.query<OrderRow>(sql.load, [
    wanted.map(({ workspaceId }) => workspaceId),
    wanted.map(({ profileId }) => profileId),
    wanted.map(({ orderId }) => orderId),
  ]);
  return rows.map(orderOfRow);
}

function orderOfRow(row: OrderRow): OrderOfProfile {
  return {
    workspaceId: row.workspace_id,
    profileId: row.profile_id,
    orderId: row.order_id,
    state: { completed: row.completed, refunds: row.refunds },
  };
}

function rowOf({ workspaceId, profileId, orderId, state }: OrderOfProfile, workspaceCurrency: string): object {
  const { currency, amount, refunded } = figuresOf(state, workspaceCurrency);
  return {
    workspace_id: workspaceId,
    profile_id: profileId,
    order_id: orderId,
    ordered_at: state.completed === null ? null : new Date(state.completed.at[0]).toISOString(),
    currency,
    amount,
    refunded,
    completed: state.completed,
    refunds: state.refunds,
  };
}

function nameOf({ workspaceId, profileId, orderId }: OrderOfProfile): string {
  return `${workspaceId}\n${profileId}\n${orderId}`;
}
