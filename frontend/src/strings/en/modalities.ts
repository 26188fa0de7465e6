import type { Modality, ModalityVerdict, Verdict } from '@/api/types';

const names: Record<Modality, string> = {
  picture: 'Picture',
  voice: 'Voice',
  lips: 'Lips and voice',
};

const findings: Record<Modality, Record<Verdict, string>> = {
  picture: {
    Deepfake: 'Made or altered',
    Authentic: 'No trace found',
    Inconclusive: 'Not decided',
  },
  voice: {
    Deepfake: 'Synthetic or converted',
    Authentic: 'No trace found',
    Inconclusive: 'Not decided',
  },
  lips: {
    Deepfake: 'Do not belong together',
    Authentic: 'Fit',
    Inconclusive: 'Not decided',
  },
};

export const modalities = {
  title: 'Picture, voice, lips',
  names,
  finding: ({ modality, verdict }: Pick<ModalityVerdict, 'modality' | 'verdict'>) =>
    findings[modality][verdict],
  decided: 'decided the verdict',
} as const;
