import type { ModelCard } from '@/api/types';
import { Facts } from '@/components/facts';
import { Hash } from '@/components/hash';
import { Card } from '@/components/ui/card';
import { models as strings } from '@/strings';
import { Markdown } from './markdown';
import { Metrics } from './metrics';
import { titleOf } from './overview';

/** One model: its card as published, and its numbers. */
export function ModelSection({ model }: { model: ModelCard }) {
  const hash = model.files[model.serve];
  return (
    <Card id={model.name} className="scroll-mt-6 p-5 sm:p-8">
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2 border-line border-b pb-4">
        <div>
          <h2 className="font-serif text-2xl">{titleOf(model.name)}</h2>
          <p className="font-mono text-ink-faint text-xs">{model.name}</p>
        </div>
        <Facts
          facts={[
            [strings.serves, model.serve],
            [strings.hash, hash && <Hash value={hash} />],
          ]}
        />
      </div>
      {model.card ? (
        <Markdown model={model.name} text={model.card} />
      ) : (
        <p className="text-ink-soft">{strings.noCard}</p>
      )}
      <h3 className="mt-8 mb-3 font-serif text-xl">{strings.numbersTitle}</h3>
      {model.metrics ? (
        <Metrics metrics={model.metrics} />
      ) : (
        <p className="text-ink-soft">{strings.noNumbers}</p>
      )}
    </Card>
  );
}
