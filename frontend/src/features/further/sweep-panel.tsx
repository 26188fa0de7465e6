import type { Sweep } from '@/api/types';
import { Problem } from '@/components/problem';
import { ScoreBar } from '@/components/score-bar';
import { Button } from '@/components/ui/button';
import { useExamine } from '@/hooks/use-examine';
import { clock, count } from '@/lib/format';
import { usePlayhead } from '@/lib/playhead';
import { further } from '@/strings';

const strings = further.sweep;

/** What a thorough examination saw, and where its scores are highest. */
export function SweepPanel({ id, sweep }: { id: string; sweep: Sweep }) {
  const playhead = usePlayhead();
  const { mutate, isPending, error } = useExamine(id);
  const faces = sweep.pictures.reduce((sum, picture) => sum + picture.faces, 0);
  return (
    <div className="mt-6 rounded-xl border border-line p-4">
      <h4 className="font-medium">{strings.title}</h4>
      <p className="text-ink-soft text-sm">
        {strings.done(count(sweep.looked), count(faces), count(sweep.voice.length))}{' '}
        {strings.caution}
      </p>
      <h5 className="mt-4 mb-2 text-ink-soft text-sm">{strings.highest}</h5>
      {sweep.highest.length === 0 && <p className="text-sm">{strings.none}</p>}
      <ul className="space-y-2 text-sm">
        {sweep.highest.map(({ modality, start, end, score }) => (
          <li
            key={`${modality}-${start}`}
            className="grid grid-cols-[4rem_8rem_minmax(6rem,1fr)] items-center gap-2 sm:grid-cols-[4rem_8rem_minmax(6rem,1fr)_auto]"
          >
            <span>{strings.modalities[modality]}</span>
            <span className="tabular-nums">{strings.stretch(clock(start), clock(end))}</span>
            <ScoreBar score={score} label={strings.modalities[modality]} />
            <span className="col-span-3 flex gap-2 sm:col-span-1">
              <Button look="quiet" onClick={() => playhead.seek(start)}>
                {strings.go}
              </Button>
              <Button disabled={isPending} onClick={() => mutate({ start, end })}>
                {further.part}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {error && <Problem error={error} className="mt-3" />}
    </div>
  );
}
