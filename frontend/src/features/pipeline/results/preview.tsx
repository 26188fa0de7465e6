import type { Preview as PreviewData } from '@/api/types';
import { pipeline } from '@/strings';

/** The face with the highest score, with where the branch saw traces laid over it. */
export function Preview({ preview }: { preview: PreviewData }) {
  const { picture, scores } = preview;
  const columns = scores[0]?.length ?? 1;
  return (
    <span className="relative block size-14 shrink-0 overflow-hidden rounded-md bg-sunken">
      <img src={picture} alt={pipeline.results.preview} className="size-full object-cover" />
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${columns} ${scores.length}`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full"
      >
        {scores.flatMap((row, y) =>
          row.map((score, x) =>
            score > 0.5 ? (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
                key={`${x}-${y}`}
                x={x}
                y={y}
                width={1.02}
                height={1.02}
                className="fill-fake"
                fillOpacity={0.75 * (2 * score - 1)}
              />
            ) : null,
          ),
        )}
      </svg>
    </span>
  );
}
