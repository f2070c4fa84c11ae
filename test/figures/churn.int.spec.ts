import { referenceFigures } from '@rapport/testing';
import { Temporal } from 'temporal-polyfill';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

interface Reference {
  readonly verified_here: {
    readonly rows: number;
    readonly churned: number;
    /** By contract and whole months. */
    readonly kaplan_meier_by_contract: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly reasons: { readonly reason: Readonly<Record<string, number>> };
  };
}

const ibm = 'telco/ibm_telco_customer_churn.csv.gz';
const reasons = 'telco/telecom_customer_churn_reasons.csv.gz';
/** The mappings put both snapshots here. */
const snapshot = Temporal.PlainDate.from('2022-06-30');

describeWith([ibm, reasons])('churn of a telephone company', () => {
  let figures: Figures;
  let reference: Reference['verified_here'];
  beforeAll(async () => {
    reference = referenceFigures<Reference>('churn_telco').verified_here;
    figures = await startFigures('USD');
  });
  afterAll(() => figures.stop());
  beforeEach(() => figures.clear());

  it('has as many customers who left, and their survival by contract', async () => {
    await figures.load('telco-ibm', [ibm]);
    expect(await figures.rows("SELECT count(), countIf(status = 'cancelled') FROM subscriptions")).toEqual([
      [reference.rows, reference.churned],
    ]);
    const found = await figures.rows(
      "SELECT breakdown, days, surviving FROM subscription_survival(workspace = 'default', by = 'plan', cause = '')",
    );
    for (const [contract, expected] of Object.entries(reference.kaplan_meier_by_contract)) {
      const curve = found.filter(([plan]) => plan === contract);
      for (const [months, share] of Object.entries(expected)) {
        const days = snapshot.subtract({ months: Number(months) }).until(snapshot, { largestUnit: 'days' }).days;
        const surviving = curve.findLast(([, day]) => Number(day) <= days)?.[2] ?? 1;
        expect(Math.abs(Number(surviving) - share)).toBeLessThan(1e-6);
      }
    }
    // Nothing was billed yet to the eleven who joined on the day; all others paid at the beginning of June.
    const month = 'active_at_start, churned_voluntary, churned_involuntary, churned_unknown, logo_churn_rate';
    const [june] = await figures.rows(
      `SELECT ${month}, mrr_churned > 0 FROM subscription_churn_monthly ORDER BY month DESC LIMIT 1`,
    );
    expect(june).toEqual([reference.rows - 11, reference.churned, 0, 0, reference.churned / (reference.rows - 11), 1]);
  });

  it('tells who wished to leave, who had to, and of whom nobody knows, by reason', async () => {
    await figures.load('telco-reasons', [reasons]);
    const found = (await figures.rows(
      'SELECT reason, is_voluntary, sum(cancellations) FROM churn_reasons GROUP BY reason, is_voluntary',
    )) as [string, boolean | null, number][];
    expect(Object.fromEntries(found.map(([reason, , people]) => [reason, people]))).toEqual(reference.reasons.reason);
    const unwished = found.filter(([, isVoluntary]) => isVoluntary === false).map(([reason]) => reason);
    expect(unwished.sort()).toEqual(['Deceased', 'Moved']);
    expect(found.filter(([, isVoluntary]) => isVoluntary === null).map(([reason]) => reason)).toEqual(["Don't know"]);
  });
});
