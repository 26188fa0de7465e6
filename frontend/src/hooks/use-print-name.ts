import { useEffect } from 'react';

/** Browsers name a PDF after the title of the page: while it is printed, that is this name. */
export function usePrintName(name: string | undefined): void {
  useEffect(() => {
    if (!name) return;
    let before = '';
    const begin = () => {
      before = document.title;
      document.title = name;
    };
    const end = () => {
      document.title = before;
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, [name]);
}
