import type { common as en } from '../en/common';
import type { Words } from '../words';

export const common: Words<typeof en> = {
  name: 'Assay',
  tagline: '¿Es real, y qué lo dice?',
  skip: 'Ir al contenido',
  nav: {
    label: 'Principal',
    home: 'Analizar',
    history: 'Historial',
    models: 'Modelos',
    docs: 'Documentación de la API',
  },
  language: { label: 'Idioma', names: { en: 'English', es: 'Español' } },
  theme: {
    label: (name: string) => `Tema: ${name}`,
    system: 'como el sistema',
    light: 'claro',
    dark: 'oscuro',
  },
  retry: 'Reintentar',
  cancel: 'Cancelar',
  loading: 'Cargando',
  offline:
    'No hay conexión. Lo que está en la página se queda; lo demás llegará cuando vuelva la conexión.',
  broken: {
    title: 'Esta parte de la página ha fallado',
    body: 'Recarga la página. Si vuelve a ocurrir, avisa a quien administra el servicio.',
    action: 'Recargar',
  },
  none: '—',
  notFound: {
    title: 'Aquí no hay nada',
    body: 'Puede que la dirección esté mal escrita o que se haya eliminado lo que había.',
    action: 'Analizar algo',
  },
};
