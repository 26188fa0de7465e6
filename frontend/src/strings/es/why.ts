import type { why as en } from '../en/why';
import type { Words } from '../words';

export const why: Words<typeof en> = {
  title: 'Por qué',
  branchesTitle: 'Qué dice cada rama',
  branchStates: {
    done: 'Hecho',
    skipped: 'Omitida',
    not_applicable: 'No aplicable',
    failed: 'Fallida',
  },
  counted: {
    towards: 'Contó a favor de una falsificación',
    against: 'Contó en contra de una falsificación',
    not: 'No contó',
  },
  score: 'Puntuación',
  model: (name: string) => `Modelo ${name}`,
  sharesTitle: 'De dónde sale la probabilidad',
  sharesLead:
    'Cada característica mueve el logit de una falsificación: a la derecha hacia Deepfake, a la izquierda en contra. La base y las partes suman el resultado.',
  noShares: 'No se pudo sopesar nada; la respuesta es No concluyente.',
  head: (modalities: string) => `Aquí se sopesó: ${modalities}.`,
  modalities: {
    tiny: 'filtro',
    visual: 'caras',
    audio: 'voz',
    temporal: 'caras en el tiempo',
    sync: 'labios y voz',
  } as Record<string, string>,
  columns: { feature: 'Característica', value: 'Valor', share: 'Parte del logit' },
  baseline: 'Base: antes de examinar nada',
  limited: 'Limitado: ningún resultado se afirma con más certeza de la medida',
  total: 'En total',
  totalValue: (percent: number) => `${percent} % de probabilidad de falsificación`,
  unweighedTitle: 'Sin parte en esta respuesta',
  absent: 'sin examinar',
  examined: {
    title: 'Qué se examinó y qué no',
    faces: (faces: number, people: string) =>
      `${faces === 1 ? '1 imagen de una cara' : `${faces} imágenes de caras`}, de ${people}`,
    people: (count: number) => (count === 1 ? 'una persona' : `${count} personas`),
    voice: (windows: number, seconds: string) =>
      `${seconds} s de sonido, en ${windows} ${windows === 1 ? 'ventana' : 'ventanas'}`,
    branch: (title: string, reason: string) => `${title}: ${reason}`,
    counters: {
      facesTooSmall: (n: number) =>
        n === 1 ? '1 cara demasiado pequeña' : `${n} caras demasiado pequeñas`,
      facesTooBlurred: (n: number) =>
        n === 1 ? '1 cara demasiado borrosa' : `${n} caras demasiado borrosas`,
      facesCutOff: (n: number) =>
        n === 1 ? '1 cara cortada por el borde' : `${n} caras cortadas por el borde`,
      facesNotPhotographs: (n: number) =>
        n === 1
          ? '1 cara parece dibujada, pintada o enmascarada: sin veredicto sobre ella'
          : `${n} caras parecen dibujadas, pintadas o enmascaradas: sin veredicto sobre ellas`,
      facesOverLimit: (n: number) =>
        n === 1 ? '1 cara por encima del límite' : `${n} caras por encima del límite`,
    },
    yes: 'Examinado',
    no: 'Sin examinar',
    nothing: 'No se dejó nada fuera.',
  },
};
