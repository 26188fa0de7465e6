import type { models as en } from '../en/models';
import type { Words } from '../words';

export const models: Words<typeof en> = {
  title: 'Modelos',
  lead: 'Todos los modelos que intervienen en un veredicto: cómo aciertan con material que nunca vieron y dónde son más débiles. Elige uno para leer su ficha.',
  columns: {
    model: 'Modelo',
    what: 'Qué juzga',
    unseen: 'Con material que nunca vio',
    weakest: 'Su punto más débil',
  },
  auc: (value: string, kind: string) => (kind ? `AUC ${value}, ${kind}` : `AUC ${value}`),
  aucLead:
    'AUC: cuántas veces un falso puntúa más que uno real; 0,5 es azar, 1 es no fallar nunca.',
  none: '—',
  about: {
    blazeface: { title: 'Detector de caras', what: 'Encuentra caras. No juzga nada.' },
    photograph: {
      title: 'Control de fotografía',
      what: 'Distingue fotografías de personas de caras dibujadas, pintadas o con máscara, que no se juzgan',
    },
    tiny_ladeda: {
      title: 'Filtro',
      what: 'La estructura de píxeles más fina de las caras, para ahorrar el resto en los casos claros',
    },
    visual_resnet18: {
      title: 'Caras, mezcladas',
      what: 'Caras cambiadas, deformadas o pegadas',
    },
    visual_effnet: { title: 'Caras, generadas', what: 'Caras hechas enteras por un generador' },
    visual_picture: {
      title: 'Imagen, generada',
      what: 'Imágenes hechas por un generador, también alrededor de la cara',
    },
    temporal_bilstm: {
      title: 'Caras en el tiempo',
      what: 'Cómo cambia una cara de un momento a otro',
    },
    audio_cqcc_cnn: {
      title: 'Voz, en detalle',
      what: 'Rastros que los vocoders dejan en el sonido',
    },
    audio_encoder: { title: 'Voz, en conjunto', what: 'Si una voz habla como hablan las personas' },
    vad: {
      title: 'Detector de habla',
      what: 'Distingue el habla de la música y el ruido. No juzga nada.',
    },
    av_sync_head: { title: 'Labios y voz', what: 'Si labios y voz corresponden' },
    fusion: { title: 'Fusión', what: 'Reúne todo lo anterior en una probabilidad' },
  } as Record<string, { title: string; what: string }>,
  empty: 'No hay modelos instalados.',
  serves: 'Archivo',
  hash: 'SHA-256',
  numbersTitle: 'Números medidos',
  interval: (value: string, low: string, high: string) => `${value} (de ${low} a ${high})`,
  noNumbers: 'No se han publicado números de este modelo.',
  noCard: 'No se ha publicado una ficha de este modelo.',
  reliability: {
    title: '¿Un 80 % es de verdad un 80 %?',
    lead: 'Cada marca agrupa puntuaciones parecidas: lo que se afirmó frente a la parte realmente falsificada. En la diagonal coinciden.',
    x: 'Afirmado',
    y: 'Realmente falsificado',
    bin: (stated: number, observed: number, count: number) =>
      `Afirmado ${stated} %, real ${observed} %, ${count} archivos`,
    label: 'Diagrama de fiabilidad',
  },
};
