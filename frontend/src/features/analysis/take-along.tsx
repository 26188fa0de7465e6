import { Check, Copy, FileJson, FileText, Share2 } from 'lucide-react';
import { Link } from 'wouter';
import type { AnalysisStatus, Report } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useCopy } from '@/hooks/use-copy';
import { download } from '@/lib/download';
import { exportName, reportAsJson } from '@/lib/export';
import { sheetUrl } from '@/lib/links';
import { answerAsText } from '@/lib/verdict';
import { analysis } from '@/strings';
import { Note } from './note';
import { Signed } from './signed';

const strings = analysis.exports;

interface TakeAlongProps {
  status: AnalysisStatus;
  /** Absent while it loads, and where it is no longer stored. */
  report: Report | undefined;
}

/** What a person takes along from here, and what they leave beside it. */
export function TakeAlong({ status, report }: TakeAlongProps) {
  const text = useCopy();
  const link = useCopy();
  const { analysisId: id, fileName, result } = status;
  return (
    <Card aria-label={strings.region} className="grid gap-6 p-5 sm:p-8 md:grid-cols-2 md:gap-14">
      <div className="min-w-0">
        <h2 className="mb-3 font-medium">{strings.title}</h2>
        <div className="flex flex-wrap gap-2">
          {report && (
            <>
              <Button asChild>
                <Link href={sheetUrl(id)}>
                  <FileText size={16} aria-hidden />
                  {strings.sheet}
                </Link>
              </Button>
              <Button
                onClick={() =>
                  download(
                    reportAsJson(status, report),
                    'application/json',
                    `${exportName(status)}.json`,
                  )
                }
              >
                <FileJson size={16} aria-hidden />
                {strings.json}
              </Button>
            </>
          )}
          {result && (
            <Button onClick={() => text.copy(answerAsText(fileName, result, location.href))}>
              <Done done={text.copied} or={Copy} />
              {strings.text}
            </Button>
          )}
          <Button onClick={() => share(fileName, link.copy)}>
            <Done done={link.copied} or={Share2} />
            {strings.link}
          </Button>
        </div>
        <p aria-live="polite" className="mt-2 min-h-6 text-ink-soft text-sm">
          {text.copied && strings.textCopied}
          {link.copied && strings.linkCopied}
        </p>
        {report && <Signed id={id} />}
      </div>
      <Note key={id} status={status} />
    </Card>
  );
}

function Done({ done, or: Icon }: { done: boolean; or: typeof Copy }) {
  return done ? <Check size={16} aria-hidden /> : <Icon size={16} aria-hidden />;
}

/** The system's own way of sharing where there is one, else the clipboard. */
function share(title: string, copy: (text: string) => void): void {
  const url = location.href;
  if (!navigator.share) copy(url);
  // Who closes the dialogue has not failed at anything.
  else void navigator.share({ title, url }).catch(() => undefined);
}
