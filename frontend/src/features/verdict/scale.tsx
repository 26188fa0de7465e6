import type { Fused } from '@/api/types';
import { percent } from '@/lib/format';
import { verdict } from '@/strings';

const strings = verdict.scale;

/** Share of the line that a zone needs to hold its name, and to hold it on a narrow screen. */
const NAMED = 0.2;
const NAMED_NARROW = 0.3;

interface ScaleProps {
  probability: number;
  /** Gives the edges of the Inconclusive zone; without it nothing could be weighed. */
  fused: Pick<Fused, 'authenticBelow' | 'deepfakeAbove'> | null;
}

/** The probability on a line, with the zones of the verdict and the edges between them. */
export function Scale({ probability, fused }: ScaleProps) {
  const low = fused?.authenticBelow ?? 0;
  const high = fused?.deepfakeAbove ?? 1;
  const zones = [
    { name: strings.real, from: 0, to: low, look: 'bg-real-wash', ink: 'text-real' },
    { name: strings.open, from: low, to: high, look: 'bg-open-wash', ink: 'text-open' },
    { name: strings.fake, from: high, to: 1, look: 'bg-fake-wash', ink: 'text-fake' },
  ].filter((zone) => zone.to > zone.from);
  return (
    <figure>
      <div role="img" aria-label={strings.label(percent(probability))}>
        <div aria-hidden className="relative pt-7">
          <div
            className="absolute top-0 -translate-x-1/2 whitespace-nowrap font-medium text-sm tabular-nums"
            style={{ left: `clamp(1.25rem, ${100 * probability}%, calc(100% - 1.25rem))` }}
          >
            {percent(probability)} %
          </div>
          <div className="flex h-9 overflow-hidden rounded-lg">
            {zones.map((zone) => (
              <div
                key={zone.name}
                className={`grid place-items-center overflow-hidden text-xs ${zone.look} ${zone.ink}`}
                style={{ width: `${100 * (zone.to - zone.from)}%` }}
              >
                {zone.to - zone.from > NAMED && (
                  <span className={zone.to - zone.from < NAMED_NARROW ? 'max-sm:hidden' : ''}>
                    {zone.name}
                  </span>
                )}
              </div>
            ))}
          </div>
          {/* Two ends of a mark, so that the zone's name between them can be read. */}
          {['top-6', 'top-13'].map((place) => (
            <div
              key={place}
              className={`absolute h-4 w-0.75 -translate-x-1/2 rounded-full bg-ink ring-2 ring-surface ${place}`}
              style={{ left: `${100 * probability}%` }}
            />
          ))}
          <div className="relative mt-2 h-4 text-ink-faint text-xs tabular-nums">
            {zones.slice(1).map(({ from }) => (
              <span
                key={from}
                className="absolute -translate-x-1/2"
                style={{ left: `${100 * from}%` }}
              >
                {percent(from)} %
              </span>
            ))}
          </div>
        </div>
      </div>
      {fused && (
        <figcaption className="mt-2 text-sm">
          {strings.edges(percent(low), percent(high))}
        </figcaption>
      )}
    </figure>
  );
}
