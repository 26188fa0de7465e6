interface Told {
  title: string;
  advice: string;
}

export const told: Record<string, Told> = {
  offline: {
    title: 'El servicio no responde',
    advice: 'Comprueba que está en marcha y que tienes conexión, y vuelve a intentarlo.',
  },
  missing_file: {
    title: 'No llegó ningún archivo',
    advice: 'Elige un archivo y envíalo otra vez.',
  },
  invalid_request: {
    title: 'El servicio no entendió la petición',
    advice: 'Recarga la página y vuelve a intentarlo.',
  },
  not_found: {
    title: 'Ese análisis no existe',
    advice: 'La dirección puede estar incompleta o ser de otro servidor.',
  },
  gone: {
    title: 'Ya no está guardado',
    advice:
      'Se eliminó o se borró del servidor y no se puede recuperar. Si tienes el archivo, analízalo de nuevo.',
  },
  method_not_allowed: {
    title: 'El servicio no admite esto',
    advice: 'Recarga la página: puede ser más antigua que el servicio.',
  },
  conflict: {
    title: 'En el estado actual no es posible',
    advice: 'Recarga la página para ver cómo va el análisis.',
  },
  unknown_host: {
    title: 'El servicio no responde a este nombre',
    advice: 'Usa su dirección habitual, o pide a quien lo administra que permita este nombre.',
  },
  cross_site: {
    title: 'El servicio no se fio de esta petición',
    advice: 'Abre la página del propio servicio e inténtalo allí.',
  },
  no_key: {
    title: 'Aquí hace falta una clave',
    advice: 'Entra con una clave válida. Quien administra el servicio puede crear una.',
  },
  not_allowed: {
    title: 'Tu clave no permite esto',
    advice: 'Pide a quien administra el servicio una clave que lo permita.',
  },
  rate_limited: {
    title: 'Demasiadas peticiones en un minuto',
    advice: 'Vuelve a intentarlo en un momento.',
  },
  quota_exceeded: {
    title: 'Tu clave ha agotado los análisis del día',
    advice: 'Vuelve a intentarlo más tarde o pide más a quien administra el servicio.',
  },
  too_large: {
    title: 'El archivo es demasiado grande',
    advice: 'Recorta la parte que importa o envía una versión más pequeña.',
  },
  too_slow: {
    title: 'El envío iba demasiado lento',
    advice: 'Envíalo con una conexión mejor o en una versión más pequeña.',
  },
  busy: {
    title: 'Hay demasiados análisis en espera',
    advice: 'Tu archivo no se ha perdido, solo no se ha aceptado aún. Inténtalo en un momento.',
  },
  not_ready: {
    title: 'El servicio está arrancando u ocupado',
    advice: 'Vuelve a intentarlo en unos segundos.',
  },
  storage_failed: {
    title: 'El servicio no pudo guardar el archivo',
    advice: 'Puede que su disco esté lleno. Avisa a quien lo administra.',
  },
  empty_file: {
    title: 'El archivo está vacío',
    advice: 'Probablemente falló la descarga o la copia; consíguelo otra vez.',
  },
  not_media: {
    title: 'No es un video, una imagen ni un sonido que se pueda leer',
    advice:
      'Envía MP4, MOV, MKV, WebM, AVI, JPEG, PNG, WebP, WAV, FLAC, MP3, OGG o M4A. Exporta las fotos HEIC como JPEG.',
  },
  unreadable: {
    title: 'El archivo no se puede leer',
    advice: 'Está dañado sin remedio o incompleto; consigue otra copia.',
  },
  encrypted: {
    title: 'El archivo está cifrado',
    advice: 'Consigue una copia que se reproduzca sin clave.',
  },
  no_streams: {
    title: 'El archivo no contiene imagen ni sonido',
    advice: 'Es un contenedor sin contenido; consigue otra copia.',
  },
  no_frames: {
    title: 'El archivo no contiene ninguna imagen que se pueda decodificar',
    advice: 'Está dañado o incompleto; consigue otra copia.',
  },
  empty_range: {
    title: 'El archivo no tiene nada ahí',
    advice: 'Elige una parte que empiece antes del final del archivo.',
  },
  too_big_picture: {
    title: 'La imagen tiene demasiados píxeles',
    advice: 'Envía una versión de menores dimensiones.',
  },
  cancelled: {
    title: 'Este análisis se canceló',
    advice: 'Envía el archivo otra vez para empezar de nuevo.',
  },
  models_missing: {
    title: 'Los modelos no están instalados',
    advice: 'Pide a quien administra el servicio que restaure la carpeta de modelos.',
  },
  model_rejected: {
    title: 'Un modelo no es el que se publicó',
    advice: 'Pide a quien administra el servicio que restaure la carpeta de modelos.',
  },
  analysis_crashed: {
    title: 'Este archivo hace fallar el análisis',
    advice: 'Se intentó más de una vez. Conviértelo a otro formato y envía ese.',
  },
  analysis_killed: {
    title: 'El análisis se interrumpió desde fuera',
    advice: 'El archivo no tiene la culpa. Inténtalo más tarde.',
  },
  analysis_stalled: {
    title: 'El análisis se quedó atascado',
    advice: 'Envía el archivo otra vez; si ocurre dos veces, conviértelo antes a otro formato.',
  },
  internal: {
    title: 'Algo ha fallado de nuestro lado',
    advice: 'Inténtalo otra vez; si continúa, avisa a quien administra el servicio.',
  },
};

export function errorText(code: string, sentence: string): Told {
  return told[code] ?? { title: 'Esto no ha funcionado', advice: sentence };
}
