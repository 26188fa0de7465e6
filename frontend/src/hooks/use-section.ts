import { useEffect, useState } from 'react';

/** How far below the window's top a section has begun when it is the one being read, pixels. */
const LINE = 140;

/** Which of the elements with these ids is being read; null above the first. */
export function useSection(ids: readonly string[]): string | null {
  const [here, setHere] = useState<string | null>(null);
  useEffect(() => {
    const look = () => {
      const begun = ids.filter((id) => {
        const top = document.getElementById(id)?.getBoundingClientRect().top;
        return top !== undefined && top <= LINE;
      });
      // The last one may be too short to reach the line.
      const end = window.innerHeight + window.scrollY >= document.body.scrollHeight - 2;
      const last = ids.findLast((id) => document.getElementById(id));
      const isScrolled = window.scrollY > 0;
      setHere((isScrolled && end ? last : begun.at(-1)) ?? null);
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [ids]);
  return here;
}
