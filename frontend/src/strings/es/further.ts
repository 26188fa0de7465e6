import type { further as en } from '../en/further';
import type { Words } from '../words';

export const further: Words<typeof en> = {
  title: 'Examinar más',
  fully: 'Examinar por completo',
  fullyWhy:
    'La primera comprobación fue clara, así que se omitieron las demás comprobaciones de la imagen.',
  all: 'Examinarlo todo',
  allWhy:
    'Puntúa cada momento, lo que puede tardar tanto como dura el archivo. El veredicto se basa en una muestra.',
  part: 'Examinar esta parte',
  partTitle: 'Una parte, en segundos',
  from: 'Desde',
  to: 'Hasta',
  wrongPart:
    'El final debe estar después del principio, y el principio antes del final del archivo.',
  others: 'Otros exámenes de este archivo',
  running: 'en curso',
  failed: 'fallido',
  asked: {
    usual: 'Como siempre',
    full: 'Sin salida anticipada',
    thorough: 'Entero',
    from: (start: string) => `Desde ${start}`,
    until: (end: string) => `Hasta ${end}`,
    between: (start: string, end: string) => `De ${start} a ${end}`,
    face: (time: string) => `Una persona, vista en ${time}`,
    faceInStill: 'Una persona de la imagen',
  },
  bystanders: {
    title: (count: number) => `Encontradas y sin examinar: ${count}`,
    one: (number: number) => `Cara ${number}`,
    show: 'Mostrar',
    examine: 'Examinar',
    examineOne: (number: number) => `Examinar la cara ${number}`,
    showOne: (number: number) => `Mostrar la cara ${number}`,
  },
  sweep: {
    title: 'Entero, momento a momento',
    done: (pictures: string, faces: string, windows: string) =>
      `Se puntuaron ${pictures} imágenes con ${faces} caras y ${windows} ventanas de habla.`,
    caution:
      'El veredicto no se basa en estas puntuaciones. Entre tantos momentos, algunos puntúan alto por azar. Para juzgar un tramo, examínalo por separado.',
    highest: 'Dónde son más altas las puntuaciones',
    none: 'Ninguna cara ni habla que se pudiera puntuar.',
    modalities: { picture: 'Caras', voice: 'Voz' },
    stretch: (start: string, end: string) => `de ${start} a ${end}`,
    go: 'Ir allí',
    lanes: { faces: 'Caras, todo', voice: 'Voz, todo' },
    dot: (time: string, percent: number, faces: number) =>
      faces === 1
        ? `${time}: ${percent} %`
        : `${time}: ${percent} %, la más alta de ${faces} caras`,
    examined: (picture: string) => `Puntuado además de la muestra: ${picture}`,
  },
};
