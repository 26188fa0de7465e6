import { useMutation } from '@tanstack/react-query';
import { send } from '@/api/client';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { upload } from '@/strings';

const strings = upload.samples;

type Sample = keyof typeof strings.names;
const SAMPLES: readonly Sample[] = ['original', 'forgery'];

/** Clips of our own for a first try; what they are is said beside them. See scripts/samples.py. */
export function Samples({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: fetchSample,
    onSuccess: (file) => onFiles([file]),
  });
  return (
    <section className="mt-10 rounded-2xl bg-sunken p-5 sm:p-6">
      <h2 className="font-serif text-lg">{strings.title}</h2>
      <p className="mt-1 text-ink-soft text-sm">{strings.lead}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        {SAMPLES.map((sample) => (
          <Button key={sample} disabled={isPending} onClick={() => mutate(sample)}>
            {strings.names[sample]}
          </Button>
        ))}
      </div>
      {error && <Problem error={error} className="mt-4" />}
    </section>
  );
}

async function fetchSample(sample: Sample): Promise<File> {
  const response = await send(`/samples/${sample}.mp4`);
  return new File([await response.blob()], `sample-${sample}.mp4`, { type: 'video/mp4' });
}
