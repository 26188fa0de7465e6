import { Link } from 'wouter';
import type { ModelCard } from '@/api/types';
import { cn } from '@/lib/cn';
import { models as strings, why } from '@/strings';
import { unseenAuc, weakestCondition } from './summary';

interface OverviewProps {
  models: readonly ModelCard[];
  /** The name of the one that is shown below. */
  shown: string;
}

/** Every model in a line: what it is, how good on what it never saw, and where it is weakest. */
export function Overview({ models, shown }: OverviewProps) {
  const { columns } = strings;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto rounded-2xl border border-line bg-surface">
      <table className="w-full min-w-3xl text-sm">
        <thead>
          <tr className="text-left text-ink-soft">
            {[columns.model, columns.what, columns.unseen, columns.weakest].map((column) => (
              <th key={column} className="px-4 py-3 font-normal">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-t">
          {models.map((model) => (
            <Row key={model.name} model={model} isShown={model.name === shown} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ model, isShown }: { model: ModelCard; isShown: boolean }) {
  const { name, metrics } = model;
  const weakest = weakestCondition(metrics);
  return (
    <tr className={cn('align-top', isShown && 'bg-paper')}>
      <th scope="row" className="px-4 py-3 text-left font-normal">
        <Link
          href={`/model-cards?model=${name}`}
          aria-current={isShown ? 'true' : undefined}
          className="font-medium underline underline-offset-4"
        >
          {titleOf(name)}
        </Link>
        <span className="block font-mono text-ink-faint text-xs">{name}</span>
      </th>
      <td className="px-4 py-3">{strings.about[name]?.what ?? strings.none}</td>
      <td className="px-4 py-3 tabular-nums">
        {unseenAuc(metrics).map(({ kind, auc }) => (
          <span key={kind} className="block">
            {strings.auc(auc.toFixed(3), inWords(kind))}
          </span>
        ))}
        {unseenAuc(metrics).length === 0 && strings.none}
      </td>
      <td className="px-4 py-3 tabular-nums">
        {weakest
          ? `${weakest.condition}: ${strings.auc(weakest.auc.toFixed(3), inWords(weakest.kind))}`
          : strings.none}
      </td>
    </tr>
  );
}

/** What was measured on; a head of the fusion is named by what it weighs. */
function inWords(kind: string): string {
  return kind
    .split('+')
    .map((part) => why.modalities[part] ?? part)
    .join(' + ');
}

/** A model's name in words. */
export function titleOf(name: string): string {
  return strings.about[name]?.title ?? name;
}
