import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { examinationsQuery } from '@/api/queries';
import type { AnalysisStatus, Report } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useExamine } from '@/hooks/use-examine';
import { isPartial } from '@/lib/coverage';
import { further as strings } from '@/strings';
import { Others } from './others';

interface FurtherProps {
  status: AnalysisStatus;
  report: Report | undefined;
}

/** What else of this file can be examined, without sending it again; and what has been. */
export function Further({ status, report }: FurtherProps) {
  const { mutate, isPending, error } = useExamine(status.analysisId);
  const { data: same } = useQuery(examinationsQuery(status.analysisId));
  const others = same?.items.filter((each) => each.analysisId !== status.analysisId) ?? [];
  const { asked, result, uploadStored } = status;
  const { start, end, face } = asked;
  const exited = uploadStored && result?.earlyExit === true;
  const partial = result?.coverage != null && isPartial(result.coverage);
  const sweepable = uploadStored && partial && !asked.thorough;
  const length = uploadStored ? report?.media.duration : null;
  if (!exited && !sweepable && length == null && others.length === 0) return null;
  return (
    <Card aria-label={strings.title} className="flex flex-col gap-4 p-6">
      <h2 className="font-medium">{strings.title}</h2>
      {exited && (
        <Choice why={strings.fullyWhy}>
          <Button
            look="primary"
            disabled={isPending}
            onClick={() => mutate({ full: true, start, end, face })}
          >
            {strings.fully}
          </Button>
        </Choice>
      )}
      {sweepable && (
        <Choice why={strings.allWhy}>
          <Button disabled={isPending} onClick={() => mutate({ thorough: true, start, end, face })}>
            {strings.all}
          </Button>
        </Choice>
      )}
      {length != null && (
        <Part
          length={length}
          disabled={isPending}
          onChoose={(from, to) => mutate({ start: from, end: to })}
        />
      )}
      {error && <Problem error={error} />}
      {others.length > 0 && <Others list={others} />}
    </Card>
  );
}

function Choice({ why, children }: { why: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {children}
      <p className="text-ink-soft text-sm">{why}</p>
    </div>
  );
}

/** A form for a part of the file. */
function Part({
  length,
  disabled,
  onChoose,
}: {
  length: number;
  disabled: boolean;
  onChoose: (from: number, to: number) => void;
}) {
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [Number(form.get('from')), Number(form.get('to'))];
    const makesSense = from >= 0 && to > from && from < length;
    setWrong(!makesSense);
    if (makesSense) onChoose(from, to);
  };
  return (
    <form noValidate onSubmit={submit}>
      <fieldset className="flex flex-wrap items-center gap-3">
        <legend className="mb-2 text-ink-soft text-sm">{strings.partTitle}</legend>
        <Seconds name="from" label={strings.from} value={0} />
        <Seconds name="to" label={strings.to} value={Math.min(30, Math.ceil(length))} />
        <Button type="submit" disabled={disabled}>
          {strings.part}
        </Button>
      </fieldset>
      {isWrong && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {strings.wrongPart}
        </p>
      )}
    </form>
  );
}

function Seconds({ name, label, value }: { name: string; label: string; value: number }) {
  return (
    <label className="flex items-center gap-2 text-sm">
      {label}
      <input
        type="number"
        name={name}
        defaultValue={value}
        min={0}
        step="any"
        className="min-h-10 w-24 rounded-lg border border-line bg-surface px-3 tabular-nums"
      />
    </label>
  );
}
