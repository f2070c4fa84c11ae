import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { hasSharedData, sharedData } from '@rapport/testing';
import { loadMapping } from '../import/load-mapping.js';
import { type HistorySummary } from './history-summary.js';
import { type ShopHistory } from './history.js';
import { onlineRetailHistory, onlineRetailMapping } from './online-retail.js';

const header = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';
const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../..');
const program = join(import.meta.dirname, '../../bin/rapport.js');
const wholeYear = 'online_retail/online_retail_II_2009_2010.csv.gz';
const now = Date.UTC(2026, 0, 1);

describe('UCI Online Retail as touchpoints', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'rapport-retail-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (file: string): Promise<ShopHistory> => {
    const config = { definitionsDir: join(root, 'deploy/definitions'), schemasDir: join(root, 'schemas') };
    return onlineRetailHistory(await loadMapping(onlineRetailMapping, config), file, { now });
  };
  const historyOf = async (lines: readonly string[], head = header): Promise<ShopHistory> => {
    const file = join(folder, 'retail.csv.gz');
    await writeFile(file, gzipSync([head, ...lines].join('\n')));
    return read(file);
  };

  it('makes one order of the lines of an invoice, with an exact total, after an identify of the customer', async () => {
    const { touchpoints, messageIdPrefix } = await historyOf([
      '489434,85048,"15CM BALL, 20 LIGHTS",12,2009-12-01 07:45:00,6.95,13085,United Kingdom',
      '489434,22041,"RECORD FRAME 7"" SIZE",3,2009-12-01 07:46:00,0.001,13085,United Kingdom',
    ]);
    expect(touchpoints.map(({ message }) => message)).toEqual([
      expect.objectContaining({ type: 'identify', userId: '13085', traits: { country: 'United Kingdom' } }),
      {
        type: 'track',
        event: 'Order Completed',
        messageId: 'online-retail:order:489434',
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
    expect(touchpoints.every(({ message }) => message.messageId.startsWith(messageIdPrefix))).toBe(true);
  });

  it('puts what happened in the order of time, whatever the order of the file', async () => {
    const { touchpoints } = await historyOf([
      '2,A,a,1,2009-12-02 10:00:00,1,5,France',
      'C1,A,a,-1,2009-12-01 10:00:00,1,5,France',
    ]);
    expect(touchpoints.map(({ message }) => message.event ?? message.type)).toEqual([
      'Order Refunded',
      'identify',
      'Order Completed',
    ]);
  });

  it('counts what it leaves out, and says how it counts', async () => {
    const history = await historyOf([
      '1,A,a,1,2009-12-01 10:00:00,1,,France',
      '2,A,a,-1,2009-12-01 10:00:00,1,5,France',
      '3,A,a,1,2009-12-01 10:00:00,0,5,France',
    ]);
    expect(history.touchpoints).toEqual([]);
    expect(history.notes.slice(0, 3)).toEqual([
      '3 lines read.',
      '1 left out: no customer.',
      '2 left out: quantity or price of zero or less.',
    ]);
    expect(history.notes.join()).toMatch(/local time without a zone/);
  });

  it.each([
    ['1,A,a,many,2009-12-01 10:00:00,1,5,France', /retail\.csv\.gz line 2: quantity /],
    ['1,A,a,1,yesterday,1,5,France', /line 2: at /],
    ['1,A,a,1', /line 2: has 4 values for 8 columns/],
  ])('says what is wrong with %s, and where', async (line, message) => {
    await expect(historyOf([line])).rejects.toThrow(message);
  });

  it('says which columns it misses, and which file it cannot open', async () => {
    await expect(historyOf([], 'a,b')).rejects.toThrow(/no column Invoice or InvoiceNo, CustomerID or Customer ID/);
    await expect(read(join(folder, 'none.csv'))).rejects.toThrow(/none\.csv cannot be read: there is no such file/);
  });

  // Through the built program: half a million lines take seconds there and a minute inside Jest's sandbox.
  (hasSharedData([wholeYear]) ? it : it.skip)('gives the published figures of the year 2009 to 2010', async () => {
    const line = ['demo', '--online-retail', join(sharedData, wholeYear), '--dry-run', '--json'];
    const { stdout } = await run(process.execPath, [program, ...line], { env: { PATH: process.env['PATH'] } });
    const summary = JSON.parse(stdout) as HistorySummary & { readonly notes: readonly string[] };
    expect(summary).toMatchObject({ buyers: 4_312, orders: 19_213, grossRevenue: '8832003.274' });
    expect(summary.notes).toContain('525,461 lines read.');
  });
});
