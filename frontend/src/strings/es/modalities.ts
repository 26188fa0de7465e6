import type { Modality, ModalityVerdict, Verdict } from '@/api/types';
import type { modalities as en } from '../en/modalities';
import type { Words } from '../words';

const names: Record<Modality, string> = {
  picture: 'Imagen',
  voice: 'Voz',
  lips: 'Labios y voz',
};

const findings: Record<Modality, Record<Verdict, string>> = {
  picture: {
    Deepfake: 'Creada o alterada',
    Authentic: 'Sin rastros',
    Inconclusive: 'No se decide',
  },
  voice: {
    Deepfake: 'Sintética o convertida',
    Authentic: 'Sin rastros',
    Inconclusive: 'No se decide',
  },
  lips: {
    Deepfake: 'No corresponden',
    Authentic: 'Encajan',
    Inconclusive: 'No se decide',
  },
};

export const modalities: Words<typeof en> = {
  title: 'Imagen, voz, labios',
  names,
  finding: ({ modality, verdict }: Pick<ModalityVerdict, 'modality' | 'verdict'>) =>
    findings[modality][verdict],
  decided: 'decidió el veredicto',
};
