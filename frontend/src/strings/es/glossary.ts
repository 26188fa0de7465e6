export const glossary: Record<string, string> = {
  logit:
    'Una probabilidad en una escala en la que las pruebas se suman: 0 es 50 %, +2,2 es 90 %, −2,2 es 10 %.',
  Base: 'La probabilidad antes de sopesar nada de este archivo.',
  AUC: 'Cuántas veces un falso puntúa más que uno real, entre todas las parejas: 0,5 es azar, 1 es no fallar nunca.',
  calibrada:
    'Corregida para que, de los archivos con un 80 %, cerca del 80 % sean realmente falsos.',
  'salida anticipada':
    'Si la primera comprobación rápida es clara, se omiten las más lentas de la imagen.',
  'mapa de calor':
    'Muestra en qué partes de la cara ve rastros el modelo: más brillo, más rastros.',
  filtro:
    'La primera comprobación, rápida: patrones finos entre píxeles vecinos, que cámaras y generadores dejan de distinta manera.',
  rama: 'Un tipo de examen, con un modelo y una puntuación propios.',
  'fotograma clave': 'Una imagen guardada entera; las que hay en medio solo guardan lo que cambia.',
  'SHA-256': 'La huella de un archivo: a otro contenido, otra huella.',
  'Credenciales de contenido':
    'Una declaración firmada dentro del archivo sobre su origen y su edición (C2PA).',
  vocoders:
    'Programas que convierten una descripción del habla en sonido: el último paso para clonar una voz.',
  fps: 'Imágenes por segundo.',
};
