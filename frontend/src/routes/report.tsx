import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowLeft, FileDown, Printer } from 'lucide-react';
import { useRef } from 'react';
import { Link } from 'wouter';
import { reportQuery, stagesQuery, statusQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { saveSheet } from '@/features/report/save';
import { Sheet } from '@/features/report/sheet';
import { usePrintName } from '@/hooks/use-print-name';
import { useTitle } from '@/hooks/use-title';
import { exportName } from '@/lib/export';
import { report as strings } from '@/strings';

/** `/analysis/{id}/report`: the report as a sheet, to be printed, saved as PDF or as a web page. */
export default function Report({ id }: { id: string }) {
  const sheet = useRef<HTMLElement>(null);
  const { data: status, error: statusError } = useQuery(statusQuery(id));
  const { data: report, error: reportError } = useQuery(reportQuery(id));
  const { data: stages, error: stagesError } = useQuery(stagesQuery);
  const title = status && `${strings.title} · ${status.fileName}`;
  useTitle(title);
  usePrintName(status && exportName(status));
  const save = useMutation({
    mutationFn: async () => {
      if (sheet.current && title && status)
        await saveSheet(sheet.current, title, `${exportName(status)}.html`);
    },
  });
  const error = statusError ?? reportError ?? stagesError ?? save.error;
  return (
    <div className="mx-auto max-w-[50rem] pt-4 print:max-w-none print:pt-0">
      <div className="mb-5 flex flex-wrap items-center gap-2 print:hidden">
        <Button asChild look="quiet" className="mr-auto">
          <Link href={`/analysis/${id}`}>
            <ArrowLeft size={16} aria-hidden />
            {strings.back}
          </Link>
        </Button>
        <Button disabled={!report || save.isPending} onClick={() => save.mutate()}>
          <FileDown size={16} aria-hidden />
          {save.isPending ? strings.preparing : strings.save}
        </Button>
        <Button disabled={!report} onClick={() => window.print()}>
          <Printer size={16} aria-hidden />
          {strings.print}
        </Button>
      </div>
      {error && <Problem error={error} className="mb-5" />}
      {!error && !(status && report && stages) && <Skeleton className="h-[80vh] rounded-2xl" />}
      {status && report && stages && (
        <div className="overflow-hidden rounded-2xl border border-line shadow-raised print:border-0 print:shadow-none">
          <Sheet ref={sheet} status={status} report={report} stages={stages} />
        </div>
      )}
    </div>
  );
}
