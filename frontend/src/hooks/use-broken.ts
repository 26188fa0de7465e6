import { type RefObject, useEffect, useState } from 'react';

/**
 * Whether a player cannot show its file.
 *
 * A refused file fails at once, often before the player is on the page, when React does not listen
 * yet: so the player is asked as well as listened to.
 */
export function useBroken(ref: RefObject<HTMLMediaElement | null>): boolean {
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const media = ref.current;
    if (!media) return;
    const fail = () => setBroken(true);
    if (media.error) fail();
    media.addEventListener('error', fail);
    return () => media.removeEventListener('error', fail);
  }, [ref]);
  return broken;
}
