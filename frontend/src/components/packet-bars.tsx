import { cn } from '@/lib/cn';
import { file as strings } from '@/strings';

const MOST_BARS = 80;

/** Size of the compressed pictures over time; where there are many, the largest of each group. */
export function PacketBars({ kilobytes, className }: { kilobytes: number[]; className?: string }) {
  const step = Math.max(1, Math.ceil(kilobytes.length / MOST_BARS));
  const bars = Array.from({ length: Math.ceil(kilobytes.length / step) }, (_, index) =>
    Math.max(...kilobytes.slice(index * step, (index + 1) * step)),
  );
  const top = Math.max(...bars, 0.001);
  return (
    <svg
      role="img"
      aria-label={strings.packets}
      viewBox={`0 0 ${bars.length} 10`}
      preserveAspectRatio="none"
      className={cn('block w-full', className)}
    >
      {bars.map((value, index) => {
        const height = Math.max(0.4, (10 * value) / top);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity but their place
            key={index}
            x={index + 0.15}
            y={10 - height}
            width={0.7}
            height={height}
            className="fill-line-strong"
          />
        );
      })}
    </svg>
  );
}
