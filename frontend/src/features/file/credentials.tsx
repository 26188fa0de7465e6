import { ShieldCheck, ShieldQuestionMark, ShieldX } from 'lucide-react';
import type { Credentials } from '@/api/types';
import { Facts } from '@/components/facts';
import { cn } from '@/lib/cn';
import { readableMoment } from '@/lib/format';
import { credentials as strings } from '@/strings';

/** Content Credentials as IPTC knows them: what generative AI made, wholly or in part. */
const GENERATIVE = new Set(['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia']);

const LOOKS = {
  intact: { icon: ShieldCheck, ink: 'text-ink' },
  invalid: { icon: ShieldX, ink: 'text-danger' },
  unreadable: { icon: ShieldQuestionMark, ink: 'text-ink-soft' },
} as const;

/** What a signer states about the origin of the file. Context: no colour of a verdict is used. */
export function CredentialsPanel({ credentials }: { credentials: Credentials }) {
  const { state } = credentials;
  const [first, ...others] = credentialLines(credentials);
  if (state === 'absent') return <p className="text-sm">{first}</p>;
  const { icon: Icon, ink } = LOOKS[state];
  return (
    <div className="space-y-3 text-sm">
      <p className={cn('flex gap-2 font-medium', ink)}>
        <Icon size={17} className="mt-0.5 shrink-0" aria-hidden />
        {first}
      </p>
      {others.map((line) => (
        <p key={line} className="text-ink-soft">
          {line}
        </p>
      ))}
      <Facts facts={credentialFacts(credentials)} />
    </div>
  );
}

/** The finding, and what follows from it. */
export function credentialLines({ state, reason, problems, sourceTypes }: Credentials): string[] {
  const lines: string[] = [strings.states[state]];
  if (state === 'unreadable' && reason) lines.push(reason);
  if (state === 'invalid') lines.push(...new Set(problems.map(strings.problem)));
  if (state !== 'intact') return lines;
  if (sourceTypes.some((type) => GENERATIVE.has(type))) lines.push(strings.generative);
  return [...lines, strings.trust];
}

/** What the credentials state, intact or not. */
export function credentialFacts(told: Credentials) {
  const { facts } = strings;
  const steps = told.actions.map(({ action, software }) => strings.action(action, software));
  return [
    [facts.signer, told.commonName],
    [facts.issuer, told.issuer],
    [facts.signedAt, told.signedAt && readableMoment(told.signedAt)],
    [facts.generator, told.generator],
    [facts.sources, told.sourceTypes.map(strings.source).join(', ')],
    [facts.steps, steps.join(' · ')],
    [facts.ingredients, told.ingredients > 0 && strings.ingredients(told.ingredients)],
  ] as const;
}
