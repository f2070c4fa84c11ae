import { erasureSteps, type Erasure } from './erasure.js';
import type { ErasureDto } from './erasure.dto.js';

export function erasureView(erasure: Erasure): ErasureDto {
  const { erasureId, status, step, requestedAt, completedAt, findings, certificate } = erasure;
  return {
    erasureId,
    status,
    step,
    progress: { done: Math.max(0, erasureSteps.indexOf(step)), of: erasureSteps.length - 1 },
    requestedAt: new Date(requestedAt).toISOString(),
    completedAt: completedAt === null ? null : new Date(completedAt).toISOString(),
    stores: findings,
    certificate,
  };
}
