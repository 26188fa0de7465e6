import { FileUp } from 'lucide-react';
import { type DragEvent, type ReactNode, useState } from 'react';
import { cn } from '@/lib/cn';
import { upload as strings } from '@/strings';

interface DropZoneProps {
  onFile: (file: File) => void;
  /** Takes the place of the invitation while there is something to tell. */
  children?: ReactNode;
}

/** Drop a file, or click or press Enter to choose one. */
export function DropZone({ onFile, children }: DropZoneProps) {
  const [over, setOver] = useState(false);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input inside is the first
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        'relative grid min-h-64 place-items-center rounded-2xl border-2 border-dashed bg-surface p-6 text-center transition-colors',
        'has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
        over ? 'border-accent bg-accent-wash' : 'border-line hover:border-line-strong',
      )}
    >
      {children || <Invitation over={over} onFile={onFile} />}
    </div>
  );
}

function Invitation({ over, onFile }: { over: boolean; onFile: (file: File) => void }) {
  return (
    <label className="absolute inset-0 grid cursor-pointer place-content-center justify-items-center gap-1">
      <input
        type="file"
        accept={strings.accept}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
        }}
      />
      <FileUp size={30} strokeWidth={1.4} className="mb-3 text-accent" aria-hidden />
      <span className="font-medium text-lg">{over ? strings.dropping : strings.drop}</span>
      <span className="text-ink-soft">{over ? ' ' : strings.choose}</span>
    </label>
  );
}
