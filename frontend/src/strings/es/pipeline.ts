import type { StageState } from '@/api/types';
import type { pipeline as en } from '../en/pipeline';
import type { Words } from '../words';

const states: Record<StageState, string> = {
  queued: 'En espera',
  running: 'En marcha',
  done: 'Hecho',
  skipped: 'Omitido',
  failed: 'Fallido',
};

export const pipeline: Words<typeof en> = {
  title: 'Cómo se examinó',
  titleLive: 'Qué está pasando',
  states,
  notReached: 'No se llegó',
  exit: 'salida anticipada',
  connection: {
    connecting: 'Conectando',
    live: 'En directo',
    lost: 'Se perdió la conexión. Reconectando; no se perderá ningún paso.',
  },
  queuePosition: (position: number) =>
    position === 1 ? 'El siguiente de la cola' : `Número ${position} de la cola`,
  rerun: 'El primer intento falló; este es otro.',
  replay: {
    start: 'Repetición',
    stop: 'Volver al resultado',
    play: 'Reproducir',
    pause: 'Pausa',
    position: 'Momento de la repetición',
    told: 'Son los eventos registrados, al ritmo en que ocurrieron.',
    at: (passed: string, whole: string) => `${passed} de ${whole}`,
  },
  overall: 'Progreso de todo el análisis',
  score: 'Puntuación',
  results: {
    noStreams: 'Ni imagen ni sonido descritos',
    people: (people: number) => (people === 1 ? '1 persona' : `${people} personas`),
    faces: (faces: number) => (faces === 1 ? '1 cara examinada' : `${faces} caras examinadas`),
    noFaces: 'Ninguna cara que examinar',
    voiced: (seconds: string) => `${seconds} s de habla`,
    gop: (seconds: string) => `Fotograma clave cada ${seconds} s`,
    cuts: (cuts: number) => (cuts === 1 ? '1 corte' : `${cuts} cortes`),
    traces: (traces: number) =>
      traces === 1 ? '1 rastro de edición' : `${traces} rastros de edición`,
    noTraces: 'Sin rastros de edición',
    credentials: {
      intact: 'Credenciales de contenido',
      invalid: 'Credenciales de contenido no válidas',
      unreadable: 'Credenciales de contenido ilegibles',
    },
    patches: (patches: string) => `${patches} parches`,
    windows: 'Puntuaciones a lo largo del tiempo',
    waveform: 'El sonido examinado',
    preview: 'La cara con la puntuación más alta',
    curve: 'Cómo encajan labios y voz con cada desplazamiento del sonido',
    weighed: (count: number) =>
      count === 1 ? '1 característica sopesada' : `${count} características sopesadas`,
  },
};
