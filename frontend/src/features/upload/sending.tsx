import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { bytes } from '@/lib/format';
import { common, upload as strings } from '@/strings';

interface SendingProps {
  file: File;
  /** Of the file that has left, 0..1. */
  share: number;
  onCancel: () => void;
}

/** A file on its way to the service. */
export function Sending({ file, share, onCancel }: SendingProps) {
  const told =
    share < 1 ? strings.sent(bytes(share * file.size), bytes(file.size)) : strings.received;
  return (
    <div className="w-full max-w-md">
      <p className="truncate font-medium">{strings.sending(file.name)}</p>
      <Progress value={100 * share} label={strings.sending(file.name)} className="mt-4 h-1.5" />
      <p className="mt-2 mb-5 text-ink-soft text-sm tabular-nums">{told}</p>
      <Button onClick={onCancel}>{common.cancel}</Button>
    </div>
  );
}
