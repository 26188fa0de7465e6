import { type ReactNode, useEffect, useRef } from 'react';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

/**
 * A question that must be answered first.
 *
 * The browser's own element: it keeps the focus, closes with Escape and needs no styles injected,
 * which the content security policy would refuse.
 */
export function Dialog({ open, onClose, title, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={onClose}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-surface p-6 text-ink shadow-raised backdrop:bg-black/40"
    >
      {open && (
        <>
          <h2 className="font-serif text-xl">{title}</h2>
          {children}
        </>
      )}
    </dialog>
  );
}
