import type { upload as en } from '../en/upload';
import type { Words } from '../words';

export const upload: Words<typeof en> = {
  title: '¿Es real?',
  lead: 'Suelta un video, una imagen o un clip de voz. Assay lo examina paso a paso, dice cuánta seguridad tiene y muestra en qué se basa la respuesta.',
  drop: 'Suelta aquí los archivos',
  choose: 'o elígelos, o pégalos',
  dropping: 'Suelta para analizar',
  formats: [
    ['Video', 'MP4, MOV, MKV, WebM, AVI'],
    ['Imagen', 'JPEG, PNG, WebP'],
    ['Voz', 'WAV, FLAC, MP3, OGG, M4A'],
  ],
  limit: (size: string) => `Hasta ${size} por archivo`,
  accept: 'video/*,image/*,audio/*,.mkv,.avi,.flac,.ogg,.m4a',
  queue: 'Tus archivos',
  sending: (name: string) => `Enviando ${name}`,
  received: 'Recibido, empezando',
  sent: (part: string, whole: string) => `${part} de ${whole}`,
  waiting: 'Espera su turno',
  held: 'Se volverá a enviar solo en un momento.',
  running: (percent: number) => `Analizando, ${Math.round(percent)} %`,
  open: 'Abrir',
  cancelNamed: (name: string) => `Cancelar ${name}`,
  dismiss: (name: string) => `Quitar ${name} de la lista`,
  samples: {
    title: '¿No tienes un archivo a mano?',
    lead: 'Hechos por este proyecto, así que sabes qué es cada uno. Assay no lo sabe: mira qué dice, dónde acierta y dónde no puede decidir.',
    about: {
      voice: {
        name: 'Probar una voz sintética',
        what: 'Nadie dijo esto: lo compuso un programa.',
      },
      original: {
        name: 'Probar el original',
        what: 'El retrato de la astronauta Eileen Collins, de la NASA, con un lento movimiento de cámara.',
      },
      forgery: {
        name: 'Probar la falsificación',
        what: 'El mismo clip con la cara recortada, tosca, movida un poco y vuelta a pegar. Un cambio pequeño y difícil de ver: es posible que Assay no decida.',
      },
      landscape: {
        name: 'Probar un paisaje',
        what: 'Dibujado por un programa, sin cara ni voz: nada de lo que juzga Assay.',
      },
    },
  },
  manners: [
    ['Enseña su trabajo', 'Cada paso se dibuja cuando ocurre. Nada en la página es simulado.'],
    ['Puede decir «no se sabe»', 'Donde las pruebas no deciden, la respuesta es No concluyente.'],
    ['Se queda aquí', 'El archivo va a este servidor y a ningún otro sitio.'],
  ],
};
