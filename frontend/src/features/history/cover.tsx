import { AudioLines, File, Film, Image } from 'lucide-react';
import { useState } from 'react';
import type { AnalysisStatus } from '@/api/types';
import { artefactUrl } from '@/lib/links';

const ICONS = { video: Film, image: Image, audio: AudioLines } as const;

/** A small picture of the media; where there is none, a sign of its kind. */
export function Cover({ analysis }: { analysis: AnalysisStatus }) {
  const { analysisId, result, reportStored } = analysis;
  const [broken, setBroken] = useState(false);
  const Icon = result?.kind ? ICONS[result.kind] : File;
  const shown = reportStored && !broken && result?.thumbnail;
  return (
    <span
      aria-hidden
      className="grid h-11 w-16 shrink-0 place-items-center overflow-hidden rounded-md bg-sunken text-ink-faint"
    >
      {shown ? (
        <img
          src={artefactUrl(analysisId, shown)}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
          className="size-full object-cover"
        />
      ) : (
        <Icon size={18} strokeWidth={1.6} />
      )}
    </span>
  );
}
