import { Facts } from '@/components/facts';
import { Card } from '@/components/ui/card';
import { docs as strings } from '@/strings';
import type { Operation as Described, Parameter } from './operations';

/** One thing that can be asked: what it does, what it takes, what it answers. */
export function Operation({ operation }: { operation: Described }) {
  const { name, text, parameters, answers } = operation;
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="break-words font-medium font-mono text-base">{name}</h2>
      <p className="mt-2 max-w-2xl whitespace-pre-line text-ink-soft">{text}</p>
      {parameters.length > 0 && (
        <Part title={strings.parameters}>
          <Facts facts={parameters.map((each) => [each.name, described(each)])} />
        </Part>
      )}
      <Part title={strings.answers}>
        <Facts facts={answers} />
      </Part>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <>
      <h3 className="mt-4 mb-1.5 font-medium text-sm">{title}</h3>
      {children}
    </>
  );
}

function described({ description = '', in: place, required }: Parameter): string {
  return [place, required && strings.required, description].filter(Boolean).join(' · ');
}
