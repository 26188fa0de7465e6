import { useColour } from '@/lib/evidence-scale';
import { percent } from '@/lib/format';

interface ScoreBarProps {
  /** P(fake), 0..1: to the right is suspect. */
  score: number;
  label: string;
}

/** A score as a position on a line, with its number. */
export function ScoreBar({ score, label }: ScoreBarProps) {
  const colour = useColour();
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="relative h-1 flex-1 rounded-full bg-sunken">
        <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong/60" />
        <span
          className="absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full ring-2 ring-surface"
          style={{ left: `${100 * score}%`, backgroundColor: colour(score) }}
        />
      </span>
      <span className="sr-only">{label}</span>
      <span className="w-9 text-right font-medium text-ink tabular-nums">{percent(score)} %</span>
    </span>
  );
}
