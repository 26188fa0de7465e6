import type { PersonEvidence, Report } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { Bystanders } from '@/features/further/bystanders';
import { moments } from '@/lib/faces';
import { artefactUrl } from '@/lib/links';
import { usePlayhead } from '@/lib/playhead';
import { evidence as strings } from '@/strings';

interface PersonsProps {
  id: string;
  report: Report;
}

/** Everyone who was examined, with scores of their own; choose one to go to the moment that counted most. */
export function Persons({ id, report }: PersonsProps) {
  const { persons, bystanders } = report;
  const ranked = moments(report);
  const playhead = usePlayhead();
  return (
    <div>
      <h3 className="mb-3 font-medium">{strings.personsTitle}</h3>
      {persons.length === 0 && <p className="text-ink-soft text-sm">{strings.noPersons}</p>}
      <ul className="space-y-3">
        {persons.map((person) => {
          const theirs = ranked.filter((moment) => moment.person === person.person);
          const shown = theirs.find(({ crop }) => crop) ?? theirs[0];
          return (
            <li key={person.person}>
              <button
                type="button"
                onClick={() => shown && playhead.seek(shown.time)}
                className="flex w-full items-start gap-3 rounded-xl border border-line bg-surface p-3 text-left transition-colors hover:border-line-strong"
              >
                {shown?.crop && (
                  <img
                    src={artefactUrl(id, shown.crop)}
                    alt=""
                    className="size-16 shrink-0 rounded-lg object-cover"
                  />
                )}
                <PersonScores person={person} />
              </button>
            </li>
          );
        })}
      </ul>
      {bystanders.length > 0 && (
        <>
          <p className="mt-3 text-ink-soft text-sm">{strings.bystanders(bystanders.length)}</p>
          <Bystanders id={id} list={bystanders} />
        </>
      )}
    </div>
  );
}

function PersonScores({ person }: { person: PersonEvidence }) {
  const { score, temporalScore, syncScore } = person;
  return (
    <span className="min-w-0 flex-1">
      <span className="block font-medium text-sm">{strings.person(person.person + 1)}</span>
      <span className="block text-ink-soft text-xs">{strings.facesSeen(person.faces.length)}</span>
      <span className="mt-1.5 block space-y-1 text-xs">
        {score != null && <Line name={strings.scores.faces} score={score} />}
        {temporalScore != null && <Line name={strings.scores.temporal} score={temporalScore} />}
        {syncScore != null && <Line name={strings.scores.sync} score={1 - syncScore} />}
      </span>
    </span>
  );
}

function Line({ name, score }: { name: string; score: number }) {
  return (
    <span className="grid grid-cols-[6rem_1fr] items-center">
      <span className="text-ink-soft">{name}</span>
      <ScoreBar score={score} label={name} />
    </span>
  );
}
