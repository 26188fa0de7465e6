import { useMutation } from '@tanstack/react-query';
import { AudioLines, Film, Image, type LucideIcon } from 'lucide-react';
import { send } from '@/api/client';
import { Problem } from '@/components/problem';
import { upload } from '@/strings';

const strings = upload.samples;

type Sample = keyof typeof strings.about;

/** Under public/samples, made by scripts/samples.py. */
const SAMPLES: readonly { sample: Sample; file: string; type: string; icon: LucideIcon }[] = [
  { sample: 'voice', file: 'voice.flac', type: 'audio/flac', icon: AudioLines },
  { sample: 'original', file: 'original.mp4', type: 'video/mp4', icon: Film },
  { sample: 'forgery', file: 'forgery.mp4', type: 'video/mp4', icon: Film },
  { sample: 'landscape', file: 'landscape.jpg', type: 'image/jpeg', icon: Image },
];

/** Media of our own for a first try; what each is stands beside it, whatever Assay makes of it. */
export function Samples({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: fetchSample,
    onSuccess: (file) => onFiles([file]),
  });
  return (
    <section className="mt-10 rounded-2xl bg-sunken p-5 sm:p-6">
      <h2 className="font-serif text-lg">{strings.title}</h2>
      <p className="mt-1 text-ink-soft text-sm">{strings.lead}</p>
      <ul className="mt-4 grid gap-2 sm:grid-cols-2">
        {SAMPLES.map(({ sample, icon: Icon, ...rest }) => {
          const { name, what } = strings.about[sample];
          return (
            <li key={sample}>
              <button
                type="button"
                disabled={isPending}
                onClick={() => mutate(rest)}
                className="flex h-full w-full gap-3 rounded-xl border border-line bg-surface p-3.5 text-left text-sm transition-colors hover:border-line-strong disabled:opacity-50"
              >
                <Icon size={18} className="mt-0.5 shrink-0 text-accent" aria-hidden />
                <span>
                  <span className="block font-medium">{name}</span>
                  <span className="block text-ink-soft">{what}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {error && <Problem error={error} className="mt-4" />}
    </section>
  );
}

async function fetchSample({ file, type }: { file: string; type: string }): Promise<File> {
  const response = await send(`/samples/${file}`);
  return new File([await response.blob()], `sample-${file}`, { type });
}
