import { ScoreBar } from '@/components/score-bar';
import { percent } from '@/lib/format';
import { pipeline, verdict as verdictStrings } from '@/strings';
import type { Details } from './details';

/** The fused probability, and how much went into it. */
export function FusionResult({ detail }: { detail: Details['fusion'] }) {
  if (detail.probability === undefined) return null;
  const weighed = (detail.contributions ?? []).filter(({ logOdds }) => logOdds !== 0);
  return (
    <div className="flex flex-col gap-1.5">
      <ScoreBar score={detail.probability} label={verdictStrings.probability} />
      <p>{pipeline.results.weighed(weighed.length)}</p>
    </div>
  );
}

/** The answer in a word. */
export function VerdictResult({ detail }: { detail: Details['verdict'] }) {
  return (
    <>
      <p className="font-serif text-ink text-xl">{verdictStrings.words[detail.verdict]}</p>
      {detail.probability !== null && (
        <p>{verdictStrings.scale.label(percent(detail.probability))}</p>
      )}
    </>
  );
}
