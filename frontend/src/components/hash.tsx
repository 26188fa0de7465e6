import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { file as strings } from '@/strings';

const CONFIRM_MS = 1500;

/** A hash that can be copied; shown in short. */
export function Hash({ value }: { value: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), CONFIRM_MS);
  };
  const Icon = copied ? Check : Copy;
  return (
    <span className="inline-flex items-center gap-1.5">
      <code title={value} className="text-xs">
        {value.slice(0, 16)}…
      </code>
      <button
        type="button"
        aria-label={copied ? strings.copied : `${strings.copy} ${value.slice(0, 8)}`}
        onClick={() => void copy()}
        className="grid size-6 place-items-center rounded text-ink-faint hover:text-ink"
      >
        <Icon size={13} aria-hidden />
      </button>
    </span>
  );
}
