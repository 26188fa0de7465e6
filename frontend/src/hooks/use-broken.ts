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
    const look = () => {
      if (lacksPicture(media)) fail();
    };
    if (media.error) fail();
    look();
    media.addEventListener('error', fail);
    media.addEventListener('loadedmetadata', look);
    return () => {
      media.removeEventListener('error', fail);
      media.removeEventListener('loadedmetadata', look);
    };
  }, [ref]);
  return broken;
}

/** A player that knows the sound of a video but not its codec plays on, and shows nothing. */
function lacksPicture(media: HTMLMediaElement): boolean {
  return (
    media instanceof HTMLVideoElement &&
    media.readyState >= media.HAVE_METADATA &&
    media.videoWidth === 0
  );
}
