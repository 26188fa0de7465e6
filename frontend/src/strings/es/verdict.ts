import type { Reason, Verdict } from '@/api/types';
import type { verdict as en } from '../en/verdict';
import type { Words } from '../words';

const reasons: Record<Reason, { title: string; body: string }> = {
  nothing_to_judge: {
    title: 'Nada que juzgar',
    body: 'Solo se juzgan caras y voces, y aquí no hay ninguna que se pudiera examinar.',
  },
  no_face: {
    title: 'Ninguna cara que examinar',
    body: 'Las ramas que examinan caras no tenían nada que mirar.',
  },
  not_a_photograph: {
    title: 'Una cara que parece dibujada o pintada',
    body: 'Solo se juzgan fotografías de personas. Sobre dibujos, cuadros, estatuas y máscaras no hay veredicto.',
  },
  too_many_faces: {
    title: 'Muchas caras',
    body: 'No se pudieron examinar todas; puede haberse pasado por alto una falsa.',
  },
  low_resolution: {
    title: 'Baja resolución',
    body: 'Las caras son tan pequeñas que se pierden los rastros finos. Busca el original.',
  },
  too_short: { title: 'Muy corto', body: 'Apenas hay material que juzgar.' },
  no_speech: {
    title: 'Muy poca habla',
    body: 'Hay sonido, pero sin voz, o con demasiado poca para juzgarla.',
  },
  single_modality: {
    title: 'Un solo tipo de prueba',
    body: 'Solo se sopesó una rama; nada la confirma ni la contradice.',
  },
  branch_disagreement: {
    title: 'Las ramas no coinciden',
    body: 'Una ve una falsificación donde otra no ve nada. Puede que una parte esté falsificada.',
  },
  out_of_distribution: {
    title: 'Distinto de lo que los modelos conocen',
    body: 'Con material así, las puntuaciones son menos fiables de lo que los números sugieren.',
  },
};

const advice: Record<Verdict, string> = {
  Deepfake:
    'Un indicio no es una prueba. Busca el original, la fuente y otras grabaciones del mismo momento.',
  Authentic:
    'Un método que nadie ha visto deja rastros que nadie conoce. Pregunta de dónde viene el archivo.',
  Inconclusive: 'Una copia mejor o el original pueden decidirlo.',
};

export const verdict: Words<typeof en> = {
  region: 'Veredicto',
  words: {
    Deepfake: 'Deepfake',
    Authentic: 'Sin falsificación detectada',
    Inconclusive: 'No concluyente',
  },
  nothing: 'Nada que juzgar',
  nothingAdvice: 'Si se ve o se oye a alguien, sube la parte en la que aparece.',
  probabilityOf: (percent: number) => `probabilidad ${percent} %`,
  probability: 'Probabilidad de falsificación',
  reliability: (right: number, of: string, sources: number) =>
    `De ${of} veredictos como este, con medios de ${sources} fuentes de las que nada había aprendido, acertó el ${right} %.`,
  advice,
  openAdvice: {
    failed:
      'Haz que se examine de nuevo; si vuelve a fallar, exporta el archivo otra vez, por ejemplo como MP4 (H.264).',
    short: 'Un fragmento más largo, una copia mejor o el original pueden decidirlo.',
    small: 'Una copia de mayor resolución o el original pueden decidirlo.',
    partial:
      'Solo se examinaron partes: haz que se examine por separado la parte que importa, o sube una copia mejor.',
  },
  strongest: 'El motivo más fuerte:',
  nextTitle: 'Qué hacer ahora',
  reasonsTitle: 'Qué debilita este veredicto',
  whyNothing: 'Por qué no hay nada que juzgar',
  reasons,
  earlyExit:
    'La primera comprobación fue clara, así que la salida anticipada omitió las ramas visuales pesadas.',
  scale: {
    label: (percent: number) => `Probabilidad de falsificación: ${percent} %`,
    real: 'Sin falsificación detectada',
    open: 'No concluyente',
    fake: 'Deepfake',
    edges: (low: number, high: number) =>
      `Hasta ${low} %: sin falsificación detectada. Desde ${high} %: deepfake. En medio: no concluyente.`,
  },
};
