import type { session as en } from '../en/session';
import type { Words } from '../words';

export const session: Words<typeof en> = {
  title: 'Entrar',
  lead: 'Este servicio pide una clave. Quien lo administra puede crearla: assay keys create NOMBRE.',
  key: 'Clave',
  kept: 'Se guarda en una cookie de este navegador que ningún programa de la página puede leer.',
  enter: 'Entrar',
  signedIn: (name: string) => `Dentro con la clave «${name}»`,
  leave: 'Salir',
};
