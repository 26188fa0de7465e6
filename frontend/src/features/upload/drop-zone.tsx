import { FileUp } from 'lucide-react';
import { upload as strings } from '@/strings';

/** Where to drop files, which works all over the window; click or press Enter to choose them. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <label className="grid min-h-60 cursor-pointer place-content-center justify-items-center gap-1 rounded-2xl border-2 border-line border-dashed bg-surface p-6 text-center transition-colors hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
      <input
        type="file"
        multiple
        accept={strings.accept}
        className="sr-only"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // Choosing the same file again must count as a choice.
          event.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
      <FileUp size={30} strokeWidth={1.4} className="mb-3 text-accent" aria-hidden />
      <span className="font-medium text-lg">{strings.drop}</span>
      <span className="text-ink-soft">{strings.choose}</span>
    </label>
  );
}
