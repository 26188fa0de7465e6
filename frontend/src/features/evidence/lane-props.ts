import type { TimeScale } from '@/lib/time-scale';

/** What every way of drawing a lane gets: the scale of time and its own size in pixels. */
export interface LaneProps {
  scale: TimeScale;
  width: number;
  height: number;
}
