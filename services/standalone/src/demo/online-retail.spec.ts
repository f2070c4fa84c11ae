import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type HistorySummary } from './history-summary.js';
import { readInvoiceLines } from './invoice-lines.js';
import { onlineRetailHistory } from './online-retail.js';

const header = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';
const run = promisify(execFile);
const program = join(import.meta.dirname, '../../bin/rapport.js');
const wholeYear = join(
  import.meta.dirname,
  '../../../../../shared/data/online_retail/online_retail_II_2009_2010.csv.gz',
);

describe('UCI Online Retail as touchpoints', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'rapport-retail-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const historyOf = async (lines: readonly string[], head = header) => {
    const file = join(folder, 'retail.csv.gz');
    await writeFile(file, gzipSync([head, ...lines].join('\n')));
    return onlineRetailHistory(readInvoiceLines(file));
  };

  it('makes one order of the lines of an invoice, with an exact total, after an identify of the customer', async () => {
    const { touchpoints } = await historyOf([
      '489434,85048,"15CM BALL, 20 LIGHTS",12,2009-12-01 07:45:00,6.95,13085,United Kingdom',
      '489434,22041,"RECORD FRAME 7"" SIZE",3,2009-12-01 07:46:00,0.001,13085,United Kingdom',
    ]);
    expect(touchpoints.map(({ message }) => message)).toEqual([
      expect.objectContaining({ type: 'identify', userId: '13085', traits: { country: 'United Kingdom' } }),
      {
        type: 'track',
        event: 'Order Completed',
        messageId: 'online-retail-489434-invoice',
        timestamp: '2009-12-01T07:45:00.000Z',
        userId: '13085',
        properties: {
          order_id: '489434',
          total: 83.403,
          currency: 'GBP',
          products: [
            { product_id: '85048', name: '15CM BALL, 20 LIGHTS', quantity: 12, price: 6.95 },
            { product_id: '22041', name: 'RECORD FRAME 7" SIZE', quantity: 3, price: 0.001 },
          ],
        },
      },
    ]);
  });

  it('makes a refund of a credit note', async () => {
    const { touchpoints } = await historyOf(['C489449,22087,BUNTING,-12,2009-12-01 10:33:00,2.95,16321,Australia']);
    expect(touchpoints.at(-1)?.message).toMatchObject({
      event: 'Order Refunded',
      properties: { order_id: 'C489449', total: 35.4 },
    });
  });

  it('identifies again when the country of a customer changes, and not otherwise', async () => {
    const { touchpoints } = await historyOf([
      '1,A,a,1,2009-12-01 10:00:00,1,5,France',
      '2,A,a,1,2009-12-02 10:00:00,1,5,France',
      '3,A,a,1,2009-12-03 10:00:00,1,5,Spain',
    ]);
    const identified = touchpoints.filter(({ message }) => message.type === 'identify');
    expect(identified.map(({ message }) => message.traits)).toEqual([{ country: 'France' }, { country: 'Spain' }]);
  });

  it('counts what it leaves out', async () => {
    const history = await historyOf([
      '1,A,a,1,2009-12-01 10:00:00,1,,France',
      '2,A,a,-1,2009-12-01 10:00:00,1,5,France',
      '3,A,a,1,2009-12-01 10:00:00,0,5,France',
    ]);
    expect(history).toMatchObject({
      touchpoints: [],
      linesRead: 3,
      leftOut: { withoutCustomer: 1, withoutQuantityOrPrice: 2 },
    });
  });

  it('keeps an order of very many lines under the size that the collector takes', async () => {
    const lines = Array.from(
      { length: 500 },
      (_, line) => `1,${10000 + line},A RATHER LONG DESCRIPTION OF SOMETHING,1,2009-12-01 10:00:00,1.25,5,France`,
    );
    const { touchpoints } = await historyOf(lines);
    const order = touchpoints.at(-1)?.message;
    expect(order?.properties?.['total']).toBe(625);
    expect(order?.properties?.['products']).toHaveLength(500);
    expect(JSON.stringify(order).length).toBeLessThan(32_000);
  });

  it.each([
    ['1,A,a,many,2009-12-01 10:00:00,1,5,France', /retail\.csv\.gz row 2 Quantity: "many" is no whole number/],
    ['1,A,a,1,yesterday,1,5,France', /row 2 InvoiceDate: "yesterday" is no date/],
    ['1,A,a,1', /cannot be read: Invalid Record Length/],
  ])('says what is wrong with %s, and where', async (line, message) => {
    await expect(historyOf([line])).rejects.toThrow(message);
  });

  it('says which columns it misses, and which file it cannot open', async () => {
    await expect(historyOf([], 'a,b')).rejects.toThrow(/no column Invoice or InvoiceNo, StockCode/);
    await expect(onlineRetailHistory(readInvoiceLines(join(folder, 'none.csv')))).rejects.toThrow(/none\.csv.*ENOENT/);
  });

  // Through the built program: half a million lines take seconds there and a minute inside Jest's sandbox.
  (existsSync(wholeYear) ? it : it.skip)('gives the published figures of the year 2009 to 2010', async () => {
    const { stdout } = await run(process.execPath, [
      program,
      'demo',
      '--online-retail',
      wholeYear,
      '--dry-run',
      '--json',
    ]);
    const summary = JSON.parse(stdout) as HistorySummary & { readonly notes: readonly string[] };
    expect(summary).toMatchObject({ buyers: 4_312, orders: 19_213, grossRevenue: '8832003.274' });
    expect(summary.notes.join()).toMatch(/525,461 lines read: 407,664 on invoices and 9,839 on credit notes/);
  });
});
