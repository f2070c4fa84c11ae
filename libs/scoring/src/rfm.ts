/** What a customer is ranked by. People without an order are not ranked. */
export interface RfmInput {
  readonly profileId: string;
  /** Event time of the newest order. */
  readonly lastOrderAt: number;
  readonly orders: number;
  /** Net of refunds, in the customer's main currency. */
  readonly spent: number;
  readonly currency: string;
}

/** Each from 1 (lowest fifth) to 5 (highest). */
export interface RfmScore {
  readonly profileId: string;
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/**
 * RFM by the NTILE convention of SQL: customers are sorted, ties by profile id, and dealt into five groups whose sizes
 * differ by at most one, the earlier groups being the larger. Two customers with equal figures can thus fall into
 * neighbouring fifths, and every fifth is filled. Money is ranked within a currency. The reference for the SQL of the
 * score service, which a test holds to it.
 */
export function rfm(customers: readonly RfmInput[]): readonly RfmScore[] {
  const recency = fifths(customers, ({ lastOrderAt }) => lastOrderAt);
  const frequency = fifths(customers, ({ orders }) => orders);
  const monetary = new Map(
    [...Map.groupBy(customers, ({ currency }) => currency).values()].flatMap((group) => [
      ...fifths(group, ({ spent }) => spent),
    ]),
  );
  return [...customers].sort(byProfile).map(({ profileId }) => ({
    profileId,
    recency: recency.get(profileId) ?? 1,
    frequency: frequency.get(profileId) ?? 1,
    monetary: monetary.get(profileId) ?? 1,
  }));
}

/** The headline of an RFM score: its three figures side by side, 111 to 555. */
export function rfmCell({ recency, frequency, monetary }: Omit<RfmScore, 'profileId'>): number {
  return recency * 100 + frequency * 10 + monetary;
}

function fifths(customers: readonly RfmInput[], figure: (customer: RfmInput) => number): ReadonlyMap<string, number> {
  const sorted = [...customers].sort((a, b) => figure(a) - figure(b) || byProfile(a, b));
  const size = Math.floor(sorted.length / 5);
  const larger = sorted.length % 5;
  const groupOf = (rank: number): number => {
    const inLarger = larger * (size + 1);
    return rank < inLarger
      ? Math.floor(rank / (size + 1)) + 1
      : larger + Math.floor((rank - inLarger) / Math.max(size, 1)) + 1;
  };
  return new Map(sorted.map(({ profileId }, rank) => [profileId, groupOf(rank)]));
}

function byProfile(a: { readonly profileId: string }, b: { readonly profileId: string }): number {
  return a.profileId < b.profileId ? -1 : a.profileId > b.profileId ? 1 : 0;
}
