import type { docs as en } from '../en/docs';
import type { Words } from '../words';

export const docs: Words<typeof en> = {
  title: 'API',
  lead: 'Todo lo que hace esta página va por HTTP y lo pueden hacer otros programas: enviar un archivo, seguir sus etapas, leer el informe.',
  example: 'Una primera prueba',
  exampleLead: 'Envía un archivo y pregunta por su estado hasta que esté completo.',
  raw: 'La descripción completa (OpenAPI)',
  parameters: 'Parámetros',
  required: 'obligatorio',
  answers: 'Respuestas',
};
