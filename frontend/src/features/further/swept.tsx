import type { SweptPicture } from '@/api/types';
import type { LaneProps } from '@/features/evidence/lane-props';
import { useColour } from '@/lib/evidence-scale';
import { clock, percent } from '@/lib/format';
import { further } from '@/strings';

const strings = further.sweep;

/** A thin mark a picture of the sweep: tall is suspect. */
export function Swept({
  pictures,
  scale,
  width,
  height,
}: LaneProps & { pictures: SweptPicture[] }) {
  const colour = useColour();
  return pictures.map(({ time, faces, score }) => (
    <rect
      key={time}
      x={scale.place(time) * width - 0.75}
      width={1.5}
      y={4 + (1 - score) * height}
      height={Math.max(2, score * height)}
      fill={colour(score)}
    >
      <title>{strings.dot(clock(time), percent(score), faces)}</title>
    </rect>
  ));
}
