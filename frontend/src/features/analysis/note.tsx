import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { writeNote } from '@/api/actions';
import { statusQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { analysis } from '@/strings';

const strings = analysis.note;

/** As many characters as the service keeps. */
const MOST = 4000;

/** What a person wants to remember about this analysis; the service keeps it beside it. */
export function Note({ status }: { status: AnalysisStatus }) {
  const { analysisId: id, note } = status;
  const field = useId();
  const client = useQueryClient();
  const [text, setText] = useState(note);
  const save = useMutation({
    mutationFn: () => writeNote(id, text),
    onSuccess: (fresh) => {
      client.setQueryData(statusQuery(id).queryKey, fresh);
      void client.invalidateQueries({ queryKey: ['analyses'] });
    },
  });
  const isChanged = text !== note;
  return (
    <div>
      <label htmlFor={field} className="mb-3 block font-medium">
        {strings.title}
      </label>
      <textarea
        id={field}
        value={text}
        maxLength={MOST}
        rows={3}
        placeholder={strings.placeholder}
        onChange={(event) => setText(event.target.value)}
        className="block w-full resize-y rounded-lg border border-line-strong bg-surface px-3 py-2 text-sm placeholder:text-ink-faint"
      />
      <div className="mt-2 flex items-center gap-3">
        <Button disabled={!isChanged || save.isPending} onClick={() => save.mutate()}>
          {strings.save}
        </Button>
        <p aria-live="polite" className="text-ink-soft text-sm">
          {save.isSuccess && !isChanged ? strings.saved : strings.lead}
        </p>
      </div>
      {save.error && <Problem error={save.error} className="mt-3" />}
    </div>
  );
}
