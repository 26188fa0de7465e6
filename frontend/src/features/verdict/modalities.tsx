import type { Modality, ModalityVerdict } from '@/api/types';
import { VERDICT_LOOKS } from '@/components/verdict-tag';
import { cn } from '@/lib/cn';
import { percent } from '@/lib/format';
import { reliabilityOf } from '@/lib/verdict';
import { modalities as strings } from '@/strings';

interface ModalitiesProps {
  list: readonly ModalityVerdict[];
  /** The one whose evidence alone decided the whole. */
  decidedBy: Modality | null;
}

/** What the picture, the voice, and how both fit say, each for itself. */
export function Modalities({ list, decidedBy }: ModalitiesProps) {
  if (list.length === 0) return null;
  return (
    <div>
      <h3 className="mb-2 text-ink-soft text-sm">{strings.title}</h3>
      <dl className="space-y-2">
        {list.map((one) => (
          <Row key={one.modality} one={one} decided={one.modality === decidedBy} />
        ))}
      </dl>
    </div>
  );
}

function Row({ one, decided }: { one: ModalityVerdict; decided: boolean }) {
  const { icon: Icon, ink } = VERDICT_LOOKS[one.verdict];
  return (
    <div className="grid grid-cols-[8rem_1fr] gap-x-3">
      <dt>{strings.names[one.modality]}</dt>
      <dd>
        <span className={cn('inline-flex items-center gap-1.5 font-medium', ink)}>
          <Icon size={15} aria-hidden />
          {strings.finding(one)}
        </span>{' '}
        <span className="text-ink-soft tabular-nums">{`${percent(one.probability)}\u00a0%`}</span>
        {decided && <span className="text-ink-soft">, {strings.decided}</span>}
        {one.reliability && !decided && (
          <p className="mt-1 text-ink-soft text-sm">{reliabilityOf(one.reliability)}</p>
        )}
      </dd>
    </div>
  );
}
