import type { docs as en } from '../en/docs';
import type { Words } from '../words';

export const docs: Words<typeof en> = {
  title: 'API',
  lead: 'Todo lo que hace esta página va por HTTP y lo pueden hacer otros programas: enviar un archivo, seguir sus etapas, leer el informe.',
  example: 'Una primera prueba',
  exampleLead: 'Envía un archivo y pregunta por su estado hasta que esté completo.',
  keys: {
    title: 'Claves',
    text: 'Donde el servicio pide una clave, envíala como token «bearer». Tiene permisos (read, submit, delete, metrics, admin), solo ve sus propios análisis si no es de administración, y cada respuesta dice en RateLimit cuánto puede enviar aún. Sin clave: 401.',
  },
  webhooks: {
    title: 'Webhooks',
    text: 'Un campo «webhook» del formulario nombra una dirección https a la que se avisa cuando termina el análisis: un POST firmado según Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature), repetido durante un día hasta que se responda con 2xx. El servicio necesita para ello ASSAY_WEBHOOK_SECRET.',
  },
  signatures: {
    title: 'Informes firmados',
    text: 'Cada informe va firmado (Ed25519) sobre sus propios bytes: quien lo reciba puede saber que es de este servicio y que no ha cambiado.',
  },
  raw: 'La descripción completa (OpenAPI)',
  parameters: 'Parámetros',
  required: 'obligatorio',
  answers: 'Respuestas',
};
