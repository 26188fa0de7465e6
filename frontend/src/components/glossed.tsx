import { Popover } from 'radix-ui';
import { Fragment, useState } from 'react';
import { glossary } from '@/strings';

const TERMS = Object.keys(glossary)
  .sort((one, other) => other.length - one.length)
  .map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
/** Whole words, in any case: "Heatmap" is one, "heatmaps" is another. */
const PATTERN = new RegExp(`(?<![\\p{L}\\p{N}-])(${TERMS.join('|')})(?![\\p{L}\\p{N}-])`, 'giu');
const MEANINGS = new Map(
  Object.entries(glossary).map(([term, meaning]) => [term.toLowerCase(), meaning]),
);

/** A text in which the terms of the glossary are explained, each where it first occurs. */
export function Glossed({ text }: { text: string }) {
  const told = new Set<string>();
  return text.split(PATTERN).map((part, index) => {
    const term = part.toLowerCase();
    const meaning = MEANINGS.get(term);
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity but their place
    if (!meaning || told.has(term)) return <Fragment key={index}>{part}</Fragment>;
    told.add(term);
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    return <Term key={index} word={part} meaning={meaning} />;
  });
}

/** A word whose meaning shows under a pointer, a finger, or the keyboard. */
function Term({ word, meaning }: { word: string; meaning: string }) {
  const [open, setOpen] = useState(false);
  const show = () => setOpen(true);
  const hide = () => setOpen(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <button
          type="button"
          aria-expanded={open}
          onPointerEnter={({ pointerType }) => pointerType === 'mouse' && show()}
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && hide()}
          onFocus={show}
          onBlur={hide}
          onClick={show}
          className="cursor-help underline decoration-dotted underline-offset-4"
        >
          {word}
        </button>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={6}
          collisionPadding={12}
          aria-label={word}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="z-30 max-w-72 animate-settle rounded-lg border border-line bg-surface px-3 py-2 text-sm shadow-raised"
        >
          {meaning}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
