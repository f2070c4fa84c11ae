export interface HealthReport {
  readonly ready: boolean;
  /** `ok`, or what is wrong, by the name of the part. Never holds personal data or secrets. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Whether the parts that this process uses answer. A part registers itself when it is first used. */
export interface HealthChecks {
  /** `check` rejects while the part is not ready. */
  register(part: string, check: () => Promise<unknown>): void;
  /** From now on the process is not ready: it is shutting down, and a balancer should send nothing more. */
  startDraining(): void;
  report(): Promise<HealthReport>;
}

const timeoutMs = 2000;

export function createHealthChecks(): HealthChecks {
  const checks = new Map<string, () => Promise<unknown>>();
  let draining = false;
  return {
    register: (part, check) => void checks.set(part, check),
    startDraining: () => {
      draining = true;
    },
    async report() {
      const parts = Object.fromEntries(
        await Promise.all([...checks].map(async ([part, check]) => [part, await answer(check)] as const)),
      );
      const ready = !draining && Object.values(parts).every((state) => state === 'ok');
      return { ready, parts: draining ? { ...parts, process: 'shutting down' } : parts };
    },
  };
}

async function answer(check: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
