import type { file as en } from '../en/file';
import type { Words } from '../words';

export const file: Words<typeof en> = {
  title: 'El archivo',
  lead: 'Contexto, leído sin decodificar. Nunca decide un veredicto por sí solo: los metadatos pueden faltar por motivos inocentes y se pueden falsificar.',
  factsTitle: 'Qué es',
  kind: { video: 'Video', image: 'Imagen', audio: 'Sonido' },
  facts: {
    kind: 'Tipo',
    size: 'Tamaño',
    duration: 'Duración',
    picture: 'Imagen',
    sound: 'Sonido',
    reader: 'Leído con',
    hash: 'SHA-256',
  },
  readers: {
    pyav: 'FFmpeg (PyAV)',
    opencv: 'OpenCV, porque FFmpeg no pudo',
    repaired: 'FFmpeg (PyAV), tras reparar el archivo',
  },
  rotated: (degrees: number) => `girado ${degrees}° como piden los metadatos`,
  fps: (rate: string) => `${rate} fps`,
  rate: (kilo: string, channels: number) =>
    `${kilo} kHz, ${channels === 1 ? 'mono' : channels === 2 ? 'estéreo' : `${channels} canales`}`,
  tracesTitle: 'Rastros de edición y recodificación',
  noTraces: 'Ninguno que conozcamos.',
  streamTitle: 'El flujo comprimido',
  stream: {
    gop: 'Fotograma clave cada',
    types: 'Tipos de imagen',
    motion: 'Movimiento típico',
    cuts: 'Cortes probables',
    encoder: 'Codificador',
  },
  seconds: (value: string) => `${value} s`,
  motion: (percent: string) => `${percent} % de la diagonal por fotograma`,
  packets:
    'Tamaño de las imágenes comprimidas a lo largo del tiempo; los fotogramas clave sobresalen',
  tagsTitle: 'Metadatos',
  noTags: 'El archivo no lleva.',
  provenanceTitle: 'Cómo se hizo este informe',
  version: 'Assay',
  edges: 'Umbrales',
  shippedEdges: 'los de origen',
  ownEdges: (name: string, real: number, date: string, percent: number) =>
    `fijados aquí con ${real} archivos auténticos (${name}, ${date}); el ${percent} % de tales archivos se llama Deepfake`,
  pipeline: 'Proceso',
  models: 'Archivos de modelos que intervinieron, por su SHA-256',
  copy: 'Copiar',
  copied: 'Copiado',
};
