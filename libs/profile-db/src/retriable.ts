const retriableClasses = new Set(['08', '53', '57']);
const retriableCodes = new Set(['40001', '40P01', '55P03', '25P03']);
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * True where the same statements may succeed later: lost connection, server shutting down or out of resources, deadlock,
 * serialization failure, lock timeout, a transaction ended for idling.
 */
export function isRetriablePostgresError(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    // Other databases have codes of their own; those of PostgreSQL are five characters.
    const ofClass = code.length === 5 && retriableClasses.has(code.slice(0, 2));
    return ofClass || retriableCodes.has(code) || networkCodes.has(code);
  }
  return /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after/.test(
    String(message),
  );
}

/** True for a deadlock or a serialization failure: the transaction met another one and lost. */
export function isRaceLost(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001';
}
