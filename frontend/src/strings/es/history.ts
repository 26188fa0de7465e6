import type { history as en, compare as enCompare } from '../en/history';
import type { Words } from '../words';

export const history: Words<typeof en> = {
  title: 'Historial',
  search: 'Buscar en nombres, notas y veredictos',
  filters: {
    labels: { verdict: 'Veredicto', kind: 'Tipo', order: 'Orden' },
    anyVerdict: 'Todos los veredictos',
    anyKind: 'Todos los tipos',
    kinds: { video: 'Videos', image: 'Imágenes', audio: 'Grabaciones' },
    orders: {
      newest: 'Los más recientes',
      oldest: 'Los más antiguos',
      name: 'Por nombre',
      suspect: 'Los más sospechosos',
    },
  },
  empty: { title: 'Aún no se ha analizado nada', action: 'Analizar el primer archivo' },
  noMatch: 'Ningún análisis encaja con lo que buscas.',
  more: 'Mostrar más',
  list: 'Análisis',
  select: (name: string) => `Seleccionar ${name}`,
  hint: 'Selecciona análisis para compararlos, exportarlos o eliminarlos.',
  chosen: (count: number) => (count === 1 ? '1 seleccionado' : `${count} seleccionados`),
  compare: 'Comparar los dos',
  exportChosen: 'Exportar como CSV',
  removeChosen: 'Eliminar los seleccionados',
  clear: 'Quitar la selección',
  columns: [
    'archivo',
    'veredicto',
    'probabilidad',
    'motivos',
    'estado',
    'analizado',
    'bytes',
    'análisis',
  ],
  running: (percent: number) => `Analizando, ${Math.round(percent)} %`,
  queued: 'En espera',
  expired: 'Caducado: el informe ya no está guardado',
  fileGone: 'El archivo ya no está guardado',
  remove: 'Eliminar',
  removeNamed: (name: string) => `Eliminar ${name}`,
  confirm: {
    title: (count: number) =>
      count > 1 ? `¿Eliminar estos ${count} análisis?` : '¿Eliminar este análisis?',
    body: (names: readonly string[]) =>
      names.length > 1
        ? `${names.join(', ')}: los archivos, sus informes y todas las imágenes hechas de ellos se borran del servidor. No se puede deshacer.`
        : `El archivo ${names[0] ?? ''}, su informe y todas las imágenes hechas de él se borran del servidor. No se puede deshacer.`,
    yes: 'Eliminar',
    no: 'Conservar',
  },
};

export const compare: Words<typeof enCompare> = {
  title: 'Comparación',
  versus: 'y',
  verdict: 'Veredicto',
  probability: 'Probabilidad de falsificación',
  branches: 'Ramas',
  features: 'Características',
  file: 'Archivo',
  back: 'Volver al historial',
  none: '—',
};
