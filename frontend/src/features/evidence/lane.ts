import type { ComponentType } from 'react';
import type { TimeScale } from '@/lib/time-scale';

export interface LaneProps {
  scale: TimeScale;
  width: number;
  height: number;
}

/** What runs along the timeline under a name. */
export interface Lane {
  name: string;
  Draw: ComponentType<LaneProps>;
}
