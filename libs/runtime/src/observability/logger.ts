import { pino, type Logger } from 'pino';
import type { RapportConfig } from '../config/config.js';

/**
 * One JSON line an event. Nothing personal is ever given to it: log ids, counts and positions, never payloads. The
 * redaction is a second fence, for what a library might pass on.
 */
export function createLogger(name: string, level: RapportConfig['logLevel']): Logger {
  return pino({
    name,
    level,
    redact: {
      paths: [
        'req.headers',
        'headers',
        'body',
        'email',
        'phone',
        'traits',
        'properties',
        '*.email',
        '*.phone',
        '*.detail',
      ],
      censor: '[redacted]',
    },
  });
}
