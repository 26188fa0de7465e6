import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { upload as strings } from '@/strings';
import { useUploads } from './uploads-context';

/** Files that are dropped or pasted anywhere are sent, and the queue is shown. */
export function FilesAnywhere() {
  const { add } = useUploads();
  const [, navigate] = useLocation();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const take = (files: FileList | undefined) => {
      if (!files || files.length === 0) return;
      add([...files]);
      navigate('/');
    };
    const paste = (event: ClipboardEvent) => take(event.clipboardData?.files);
    const drag = (event: DragEvent) => {
      // Text and pictures of the page itself are dragged too.
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Only what leaves the window goes nowhere.
      if (!event.relatedTarget) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer.files);
    };
    const listeners = { paste, dragover: drag, dragleave: leave, drop } as const;
    const each = Object.entries(listeners) as [string, EventListener][];
    for (const [name, listener] of each) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of each) document.removeEventListener(name, listener);
    };
  }, [add, navigate]);

  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-40 grid place-items-center rounded-3xl border-2 border-accent border-dashed bg-accent-wash/90">
      <p className="font-medium text-lg">{strings.dropping}</p>
    </div>
  );
}
