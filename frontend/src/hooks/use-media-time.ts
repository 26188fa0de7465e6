import { type RefObject, useEffect } from 'react';
import { usePlayhead } from '@/lib/playhead';

/** Ties a player to the playhead: every frame shown is reported, and what people seek is sought. */
export function useMediaTime(ref: RefObject<HTMLMediaElement | null>): void {
  const playhead = usePlayhead();
  useEffect(() => {
    const media = ref.current;
    if (!media) return;
    const move = (time: number) => {
      media.currentTime = time;
    };
    // A moment may have been named before there was a player.
    if (playhead.time > 0) move(playhead.time);
    const forget = playhead.onSought(move);
    const report = (time: number) => playhead.report(time);
    const stop = isVideo(media) ? followFrames(media, report) : followSound(media, report);
    return () => {
      forget();
      stop();
    };
  }, [ref, playhead]);
}

function isVideo(media: HTMLMediaElement): media is HTMLVideoElement {
  return 'requestVideoFrameCallback' in media;
}

function followFrames(video: HTMLVideoElement, report: (time: number) => void): () => void {
  let handle = 0;
  const frame = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    report(mediaTime);
    handle = video.requestVideoFrameCallback(frame);
  };
  handle = video.requestVideoFrameCallback(frame);
  return () => video.cancelVideoFrameCallback(handle);
}

/** Sound has no frames: as often as the screen is drawn, while it plays. */
function followSound(sound: HTMLMediaElement, report: (time: number) => void): () => void {
  let handle = 0;
  const tell = () => report(sound.currentTime);
  const draw = () => {
    tell();
    handle = sound.paused ? 0 : requestAnimationFrame(draw);
  };
  sound.addEventListener('play', draw);
  sound.addEventListener('seeked', tell);
  return () => {
    cancelAnimationFrame(handle);
    sound.removeEventListener('play', draw);
    sound.removeEventListener('seeked', tell);
  };
}
