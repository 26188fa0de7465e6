import { FileUp } from 'lucide-react';
import { type DragEvent, useEffect, useState } from 'react';
import { cn } from '@/lib/cn';
import { upload as strings } from '@/strings';

/** Drop files, click or press Enter to choose them, or paste them anywhere on the screen. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  usePaste(onFiles);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };

  return (
    <label
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        'grid min-h-60 cursor-pointer place-content-center justify-items-center gap-1 rounded-2xl border-2 border-dashed p-6 text-center transition-colors',
        'has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
        over ? 'border-accent bg-accent-wash' : 'border-line bg-surface hover:border-line-strong',
      )}
    >
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
      <span className="font-medium text-lg">{over ? strings.dropping : strings.drop}</span>
      <span className={cn('text-ink-soft', over && 'invisible')}>{strings.choose}</span>
    </label>
  );
}

function usePaste(onFiles: (files: File[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) onFiles(files);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [onFiles]);
}
