import type { evidence as en } from '../en/evidence';
import type { Words } from '../words';

export const features: Record<string, { label: string }> = {
  tiny_prob_mean: { label: 'Filtro, en promedio' },
  tiny_prob_max: { label: 'Filtro, peor momento' },
  tiny_prob_p90: { label: 'Filtro, peor décimo' },
  tiny_num_files: { label: 'Recortes de cara examinados' },
  tiny_num_patches: { label: 'Parches examinados' },
  visual_prob_mean: { label: 'Caras, en promedio' },
  visual_prob_max: { label: 'Caras, peor momento' },
  visual_prob_p90: { label: 'Caras, peor décimo' },
  visual_num_faces: { label: 'Caras examinadas' },
  audio_prob_fake: { label: 'Voz' },
  temporal_prob_fake: { label: 'Caras en el tiempo' },
  sync_prob: { label: 'Desajuste de labios y voz (1 − sync_prob)' },
};

export const evidence: Words<typeof en> = {
  title: 'Dónde se ve',
  player: 'El video examinado',
  voicePlayer: 'La grabación examinada',
  still: 'La imagen examinada',
  stillCopy: 'Una copia que se guardó de la imagen',
  cannotPlay: 'Este navegador no puede mostrar el formato de este archivo.',
  gone: 'El archivo ya no está guardado.',
  frameAt: (time: string) => `El video en ${time}`,
  framesInstead: (count: number) =>
    count === 1
      ? 'Ves la única imagen que se guardó de él.'
      : `Ves las ${count} imágenes que se guardaron de él.`,
  pictureInstead: 'Ves la copia que se guardó de él.',
  pictureBack: 'Imagen anterior',
  pictureOn: 'Imagen siguiente',
  pictureOf: (number: number, of: number, time: string) => `Imagen ${number} de ${of}, ${time}`,
  back: 'Un fotograma atrás',
  on: 'Un fotograma adelante',
  boxes: 'Caras',
  heat: 'Mapa de calor',
  overlays: 'Dibujar sobre la imagen',
  leading: 'Momento que más contó',
  person: (number: number) => `Persona ${number}`,
  boxScored: (number: number, percent: number) => `Persona ${number}  ${percent} %`,
  personsTitle: 'Quién aparece',
  facesSeen: (count: number) => (count === 1 ? 'una cara examinada' : `${count} caras examinadas`),
  passedOver: {
    too_small: 'Sin examinar: demasiado pequeña',
    too_blurred: 'Sin examinar: demasiado borrosa',
    cut_off: 'Sin examinar: cortada',
    not_a_photograph: 'Sin examinar: dibujada, pintada o enmascarada',
    over_limit: 'Sin examinar',
    not_asked: 'No se pidió',
  },
  bystanders: (count: number) =>
    count === 1
      ? 'Se encontró una cara más que no se examinó. Está marcada con rayas.'
      : `Se encontraron ${count} caras más que no se examinaron. Están marcadas con rayas.`,
  noPersons: 'No se encontró ninguna cara que se pudiera examinar.',
  scores: {
    faces: 'Caras',
    temporal: 'Caras en el tiempo',
    gate: 'Filtro',
    sync: 'Labios y voz',
  },
  moments: {
    visual: {
      title: 'Momentos que más contaron',
      lead: 'El número es la puntuación del aspecto de la cara. Elige uno para ir allí.',
    },
    gate: {
      title: 'Momentos que más contaron',
      lead: 'El número es la puntuación del filtro, que mira la estructura de píxeles más fina. Elige uno para ir allí.',
    },
    none: {
      title: 'Las caras tal como se examinaron',
      lead: 'Ninguna contó a favor de una falsificación. Elige una para ir allí.',
    },
  },
  timeline: 'Línea de tiempo',
  timelineTitle: 'Línea de tiempo',
  timelineLead:
    'Cuanto más alta la marca, mayor la puntuación. Haz clic, arrastra o usa las flechas para ir a un momento.',
  cutsMarked: 'Las líneas de rayas son cortes probables.',
  values: {
    label: 'En este momento',
    none: 'En este momento no se examinó nada.',
    score: (name: string, percent: number) => `${name} ${percent} %`,
    shot: (number: number, of: number) => `Plano ${number} de ${of}`,
  },
  skippedParts: 'Los tramos largos que no se examinaron no aparecen en la línea.',
  lanes: {
    visual: 'Caras',
    gate: 'Filtro',
    temporal: 'Caras en el tiempo',
    voice: 'Voz',
    offset: 'Labios y voz',
  },
  cut: (time: string) => `Corte en ${time}`,
  dot: (number: number, time: string, percent: number) =>
    `Persona ${number} en ${time} s: ${percent} %`,
  window: (percent: number) => `Puntuación ${percent} %`,
  offset: (ms: number) =>
    ms === 0 ? 'En sincronía' : `Sonido ${Math.abs(ms)} ms ${ms > 0 ? 'tarde' : 'antes'}`,
  curve: {
    title: 'Labios y voz',
    label: (ms: number) => `Desajuste con cada desplazamiento del sonido; mínimo en ${ms} ms`,
    shape: (depth: string, scatter: number) =>
      `El valle tiene una profundidad de ${depth} y su posición varía ${scatter} ms a lo largo del clip.`,
    x: 'Desplazamiento del sonido, ms',
    y: 'Desajuste',
    legend: {
      this: 'Este archivo',
      matching: (clips: number) => `Típico de labios y voz que encajan (${clips} clips reales)`,
      mismatched: (clips: number) => `Típico de una voz ajena (${clips} clips)`,
      measured: (sources: number) =>
        `Las líneas son la mediana y las bandas los ocho décimos centrales de clips de ${sources} fuentes de las que nada había aprendido. Donde las bandas se solapan, la curva sola no decide.`,
    },
    hint: 'El habla real tiene un único valle dentro de los desplazamientos sombreados, normales en una grabación. Una curva plana significa que labios y voz no encajan en ningún punto. La escala es la misma para todos los archivos.',
  },
};
