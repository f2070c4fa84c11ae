/**
 * The engine writes a result chunk by chunk, and repeats a format's header in each. Tells how many bytes of a chunk are
 * the header; `undefined` for formats whose chunks do not join (a JSON object, Parquet), which are answered whole.
 */
export function headerLengthIn(format: string): ((chunk: Uint8Array) => number) | undefined {
  const plain = format.replace(/^TSV/i, 'TabSeparated').toLowerCase();
  const base = plain.replace(/withnames(andtypes)?$/, '');
  if (!joinable.has(base)) return undefined;
  const headerLines = plain.endsWith('withnamesandtypes') ? 2 : plain.endsWith('withnames') ? 1 : 0;
  if (headerLines === 0) return () => 0;
  if (base === 'rowbinary') return (chunk) => binaryHeaderLength(chunk, headerLines);
  return (chunk) => textHeaderLength(chunk, headerLines, base === 'csv');
}

const joinable = new Set([
  'jsoneachrow',
  'jsonlines',
  'ndjson',
  'jsonstringseachrow',
  'jsoncompacteachrow',
  'jsoncompactstringseachrow',
  'tabseparated',
  'tabseparatedraw',
  'csv',
  'rowbinary',
  'native',
  'lineasstring',
  'rawblob',
]);

const newLine = 0x0a;
const doubleQuote = 0x22;

function textHeaderLength(chunk: Uint8Array, lines: number, quoted: boolean): number {
  let inQuotes = false;
  let seen = 0;
  for (let index = 0; index < chunk.length; index += 1) {
    if (quoted && chunk[index] === doubleQuote) inQuotes = !inQuotes;
    if (chunk[index] === newLine && !inQuotes && (seen += 1) === lines) return index + 1;
  }
  return chunk.length;
}

/** Column count, then that many names (and types), each a length in LEB128 and its bytes. */
function binaryHeaderLength(chunk: Uint8Array, lists: number): number {
  let position = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = chunk[position] ?? 0;
      position += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const columns = number();
  for (let text = 0; text < columns * lists; text += 1) {
    const length = number();
    position += length;
  }
  return position;
}
