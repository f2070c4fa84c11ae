import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { type MappingDocument } from '../import/mapping-document.js';
import { type ImportMessage } from '../import/touchpoint-maker.js';
import { touchpointsOf, type BadRow } from '../import/touchpoints-of.js';

/** When the imports of tests happen: nothing later is believed. */
export const now = Date.UTC(2026, 0, 1);

/** Two columns and one touchpoint a row; what a test says comes on top. */
export const simple = `
id: shop
title: A shop
columns:
  who: { from: who, required: true }
  at: { from: at, type: time, required: true }
touchpoints:
  - { id: visit, type: track, event: Visited, userId: who, timestamp: at }
`;

/** The lines of an order as rows: one touchpoint an order. */
export const orders = `
id: shop
title: Orders by line
columns:
  order: { from: order, required: true }
  who: { from: who, required: true }
  at: { from: at, type: time, required: true }
  pieces: { from: pieces, type: integer, required: true }
  price: { from: price, type: decimal, required: true }
  name: { from: name }
  amount: { multiply: [pieces, price] }
leaveOut:
  - { because: nothing was sold, where: { pieces: 0 } }
touchpoints:
  - id: order
    type: track
    event: Order Completed
    group: { by: [order] }
    userId: who
    timestamp: { min: at }
    properties:
      order_id: order
      total: { sum: amount }
      products: { rows: { name: name, quantity: pieces, price: price }, lighten: [name] }
`;

export interface MappingRun {
  readonly rows: number;
  readonly messages: readonly ImportMessage[];
  readonly bad: readonly BadRow[];
  readonly leftOut: readonly string[];
}

export interface MappingRuns {
  /** Path of a file of that name in a folder that each test has for itself; it need not be there. */
  pathOf(name: string): string;
  fileOf(name: string, text: string | Buffer): Promise<string>;
  run(yaml: string, ...files: readonly string[]): Promise<MappingRun>;
  runText(yaml: string, text: string | Buffer, name?: string): Promise<MappingRun>;
}

export const mappingOf = (yaml: string): MappingDocument => parse(yaml) as MappingDocument;

/** Files through mappings, for the tests of one `describe`. */
export function mappingRuns(): MappingRuns {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rapport-import-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const pathOf = (name: string): string => path.join(folder, name);
  const fileOf: MappingRuns['fileOf'] = async (name, text) => {
    await writeFile(pathOf(name), text);
    return pathOf(name);
  };
  const run: MappingRuns['run'] = async (yaml, ...files) => {
    const messages: ImportMessage[] = [];
    const bad: BadRow[] = [];
    const leftOut: string[] = [];
    let rows = 0;
    for await (const one of touchpointsOf(mappingOf(yaml), { files, now })) {
      if (one.kind === 'row') rows++;
      else if (one.kind === 'touchpoint') messages.push(one.message);
      else if (one.kind === 'bad-row') bad.push(one);
      else leftOut.push(one.because);
    }
    return { rows, messages, bad, leftOut };
  };
  return { pathOf, fileOf, run, runText: async (yaml, text, name = 'rows.csv') => run(yaml, await fileOf(name, text)) };
}
