import type { analysis as en } from '../en/analysis';
import type { Words } from '../words';

export const analysis: Words<typeof en> = {
  cached: 'Respuesta de un análisis anterior del mismo archivo.',
  another: 'Analizar otro archivo',
  cancel: 'Cancelar el análisis',
  exports: {
    region: 'Exportar y anotar',
    title: 'Llévatelo',
    sheet: 'Informe (página web, PDF)',
    json: 'Informe en JSON',
    text: 'Copiar como texto',
    link: 'Compartir el enlace',
    textCopied: 'El veredicto está en el portapapeles.',
    linkCopied:
      'El enlace está en el portapapeles. Puede abrirlo quien tenga acceso a este servidor.',
  },
  signed: {
    title: 'Firmado por este servicio',
    lead: 'Quien reciba estos tres archivos puede comprobar que el informe es de aquí y que no ha cambiado. Entrega la clave por un medio de confianza.',
    report: 'Informe',
    signature: 'Firma',
    key: 'Clave pública',
  },
  note: {
    title: 'Tu nota',
    placeholder: 'De dónde viene, quién lo envió, qué se comprobó',
    lead: 'Se guarda en este servidor y se imprime en el informe.',
    save: 'Guardar la nota',
    saved: 'Guardada.',
  },
  remove: 'Eliminar este análisis',
  sections: {
    label: 'En esta página',
    verdict: 'Veredicto',
    evidence: 'Dónde',
    why: 'Por qué',
    pipeline: 'Cómo',
    file: 'Archivo',
  },
};
