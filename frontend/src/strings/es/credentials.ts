import type { credentials as en } from '../en/credentials';
import type { Words } from '../words';

const sources: Record<string, string> = {
  digitalCapture: 'tomado con una cámara',
  computationalCapture: 'tomado con una cámara que calcula sus imágenes',
  negativeFilm: 'escaneado de un negativo',
  positiveFilm: 'escaneado de una diapositiva',
  print: 'escaneado de una copia impresa',
  humanEdits: 'editado por una persona',
  digitalCreation: 'dibujado o compuesto por una persona',
  dataDrivenMedia: 'hecho a partir de datos',
  algorithmicMedia: 'hecho por un algoritmo',
  algorithmicallyEnhanced: 'mejorado por un algoritmo',
  trainedAlgorithmicMedia: 'hecho por IA generativa',
  compositeWithTrainedAlgorithmicMedia: 'compuesto, con partes hechas por IA generativa',
  composite: 'compuesto de varios medios',
  compositeCapture: 'compuesto de varias tomas',
  compositeSynthetic: 'compuesto, con partes sintéticas',
  screenCapture: 'grabado de una pantalla',
  virtualRecording: 'grabado en un mundo virtual',
};

const actions: Record<string, string> = {
  'c2pa.created': 'creado',
  'c2pa.opened': 'abierto',
  'c2pa.placed': 'otro medio insertado',
  'c2pa.edited': 'editado',
  'c2pa.cropped': 'recortado',
  'c2pa.color_adjustments': 'colores ajustados',
  'c2pa.resized': 'cambiado de tamaño',
  'c2pa.orientation': 'girado',
  'c2pa.filtered': 'filtrado',
  'c2pa.drawing': 'dibujado encima',
  'c2pa.removed': 'algo quitado',
  'c2pa.redacted': 'algo tachado',
  'c2pa.dubbed': 'doblado',
  'c2pa.translated': 'traducido',
  'c2pa.watermarked': 'con marca de agua',
  'c2pa.converted': 'convertido',
  'c2pa.transcoded': 'codificado de nuevo',
  'c2pa.repackaged': 'empaquetado de nuevo',
  'c2pa.published': 'publicado',
  'c2pa.unknown': 'algo desconocido',
};

const changed = 'El archivo se modificó después de firmarlo.';
const problems: Record<string, string> = {
  'assertion.dataHash.mismatch': changed,
  'assertion.bmffHash.mismatch': changed,
  'assertion.boxesHash.mismatch': changed,
  'assertion.hashedURI.mismatch': 'Una declaración se modificó después de firmarla.',
  'claimSignature.mismatch': 'La firma no corresponde a lo que se firmó.',
  'claimSignature.outsideValidity': 'Se firmó cuando el certificado no era válido.',
  'signingCredential.expired': 'El certificado había caducado.',
  'signingCredential.invalid': 'El certificado no es de los que pueden firmar.',
  'signingCredential.ocsp.revoked': 'El certificado fue revocado.',
  'timeStamp.mismatch': 'El sello de tiempo pertenece a otra cosa.',
};

export const credentials: Words<typeof en> = {
  title: 'Credenciales de contenido',
  states: {
    absent: 'El archivo no lleva. La mayoría no lleva, y eso no dice nada de este.',
    intact: 'Intactas: el archivo está como cuando se firmaron.',
    invalid: 'No se sostienen: no te fíes de lo que declaran.',
    unreadable: 'El archivo lleva, pero no se pueden leer.',
  },
  generative: 'Según ellas mismas, lo hizo IA generativa, entero o en parte.',
  trust:
    'Cualquiera puede firmar. Quién lo hizo lo dice el propio certificado, y no se contrasta con ninguna lista de firmantes de confianza.',
  facts: {
    signer: 'Firmado por',
    issuer: 'Organización',
    signedAt: 'Sello de tiempo',
    generator: 'Hecho con',
    sources: 'Origen',
    steps: 'Pasos',
    ingredients: 'Hecho a partir de',
  },
  ingredients: (count: number) => (count === 1 ? 'otro medio' : `otros ${count} medios`),
  source: (type: string) => sources[type] ?? type,
  action: (name: string, software: string | null) =>
    `${actions[name] ?? name}${software ? ` (${software})` : ''}`,
  problem: (code: string) => problems[code] ?? code,
};
