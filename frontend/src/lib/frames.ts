import type { StoredFrame } from '@/api/types';

/** The stored picture whose moment is nearest to a time. */
export function nearestFrame(
  frames: readonly StoredFrame[],
  time: number,
): StoredFrame | undefined {
  const distance = (frame: StoredFrame) => Math.abs(frame.time - time);
  return [...frames].sort((one, other) => distance(one) - distance(other))[0];
}
