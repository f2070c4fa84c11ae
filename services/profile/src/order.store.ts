import { figuresOf, mergeOrders, noOrder, storableJson, storableText, type OrderState } from '@rapport/profile';
import { loadSql, type PersonKey } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  load: loadSql(import.meta.url, 'load-orders'),
  save: loadSql(import.meta.url, 'save-orders'),
  remove: loadSql(import.meta.url, 'remove-orders'),
  loadParts: loadSql(import.meta.url, 'load-order-parts'),
  saveParts: loadSql(import.meta.url, 'save-order-parts'),
  loadAllParts: loadSql(import.meta.url, 'load-all-order-parts'),
  removeParts: loadSql(import.meta.url, 'remove-order-parts'),
  makeParts: loadSql(import.meta.url, 'make-order-parts'),
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
  const joined = await joinedWithKnown(tx, { name: 'load-orders', text: sql.load }, orders);
  const rows = joined.map((order) => rowOf(order, currencyOf(order.workspaceId)));
  await tx.query({ name: 'save-orders', text: sql.save, values: [storableJson(rows)] });
}

/** The same for what lone profiles told of orders, of people who have several. */
export async function joinOrderParts(tx: PoolClient, orders: readonly OrderOfProfile[]): Promise<void> {
  if (orders.length === 0) return;
  const joined = await joinedWithKnown(tx, { name: 'load-order-parts', text: sql.loadParts }, orders);
  const rows = joined.map((order) => rowOf(order, ''));
  await tx.query({ name: 'save-order-parts', text: sql.saveParts, values: [storableJson(rows)] });
}

/** Writes the orders of people, each so far of one profile, down as what that profile told. */
export async function makeOrderParts(tx: PoolClient, people: readonly PersonKey[]): Promise<void> {
  if (people.length > 0) await tx.query(sql.makeParts, parametersOf(people));
}

/** What these lone profiles told of orders, all of them. */
export async function loadOrderParts(
  tx: PoolClient,
  profiles: readonly PersonKey[],
): Promise<readonly OrderOfProfile[]> {
  const { rows } = await tx.query<OrderRow>(sql.loadAllParts, parametersOf(profiles));
  return rows.map(orderOfRow);
}

export async function removeOrders(tx: PoolClient, people: readonly PersonKey[]): Promise<void> {
  if (people.length > 0) await tx.query(sql.remove, parametersOf(people));
}

export async function removeOrderParts(tx: PoolClient, profiles: readonly PersonKey[]): Promise<void> {
  if (profiles.length > 0) await tx.query(sql.removeParts, parametersOf(profiles));
}

async function joinedWithKnown(
  tx: PoolClient,
  loadKnown: { readonly name: string; readonly text: string },
  orders: readonly OrderOfProfile[],
): Promise<readonly OrderOfProfile[]> {
  const joined = new Map<string, OrderOfProfile>();
  const join = (order: OrderOfProfile): void => {
    const known = joined.get(nameOf(order));
    joined.set(nameOf(order), { ...order, state: mergeOrders(known?.state ?? noOrder, order.state) });
  };
  for (const order of orders) join({ ...order, orderId: storableText(order.orderId) });
  const wanted = [...joined.values()];
  const values = [...parametersOf(wanted), wanted.map(({ orderId }) => orderId)];
  const { rows } = await tx.query<OrderRow>({ ...loadKnown, values });
  for (const row of rows) join(orderOfRow(row));
  return [...joined.values()];
}

function parametersOf(keys: readonly PersonKey[]): [string[], string[]] {
  return [keys.map(({ workspaceId }) => workspaceId), keys.map(({ profileId }) => profileId)];
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
