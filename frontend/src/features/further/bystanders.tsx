import type { BystanderEvidence } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { useExamine } from '@/hooks/use-examine';
import { usePlayhead } from '@/lib/playhead';
import { evidence, further } from '@/strings';

const strings = further.bystanders;

/** Who was found and not examined: go to each, and have each examined who can be. */
export function Bystanders({ id, list }: { id: string; list: BystanderEvidence[] }) {
  const playhead = usePlayhead();
  const { mutate, isPending, error } = useExamine(id);
  return (
    <details className="mt-3 rounded-xl border border-line p-3 text-sm">
      <summary className="cursor-pointer font-medium">{strings.title(list.length)}</summary>
      {error && <Problem error={error} className="mt-2" />}
      <ul className="mt-2 max-h-72 space-y-1 overflow-y-auto">
        {list.map(({ reason, sightings }, index) => {
          const number = index + 1;
          const seen = largest(sightings);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: nobody knows who they are
            <li key={index} className="flex flex-wrap items-center justify-between gap-x-2">
              <span>
                {strings.one(number)}
                <span className="block text-ink-soft text-xs">{evidence.passedOver[reason]}</span>
              </span>
              {seen && (
                <span className="flex gap-1">
                  <Button
                    look="quiet"
                    className="px-2"
                    aria-label={strings.showOne(number)}
                    onClick={() => playhead.seek(seen.time)}
                  >
                    {strings.show}
                  </Button>
                  {canBeExamined(reason) && (
                    <Button
                      className="px-2"
                      aria-label={strings.examineOne(number)}
                      disabled={isPending}
                      onClick={() => mutate({ full: true, face: placeOf(seen) })}
                    >
                      {strings.examine}
                    </Button>
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

type Seen = BystanderEvidence['sightings'][number];

function largest(sightings: readonly Seen[]): Seen | undefined {
  return [...sightings].sort((a, b) => b.box.width - a.box.width)[0];
}

/** Whoever is too small or blurred gives nothing to examine. */
export function canBeExamined(reason: BystanderEvidence['reason']): boolean {
  return reason === 'over_limit' || reason === 'not_asked';
}

/** The middle of a face, held to the picture. */
export function placeOf({ time, box }: Seen) {
  return {
    time,
    x: Math.max(0, box.x + box.width / 2),
    y: Math.max(0, box.y + box.height / 2),
  };
}
