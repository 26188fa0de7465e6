import type { RefObject } from 'react';
import { mediaUrl } from '@/lib/links';
import { evidence as strings } from '@/strings';

interface SoundPlayerProps {
  id: string;
  ref: RefObject<HTMLAudioElement | null>;
  /** How much is fetched before somebody plays it. */
  preload: 'auto' | 'metadata';
  className: string;
}

/** The sound of an upload, as the browser plays it. */
export function SoundPlayer({ id, ref, preload, className }: SoundPlayerProps) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: unknown speech of others has no captions
    <audio
      ref={ref}
      src={mediaUrl(id)}
      controls
      preload={preload}
      aria-label={strings.voicePlayer}
      className={className}
    />
  );
}
