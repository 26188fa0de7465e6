import type { feedback as en } from '../en/feedback';
import type { Words } from '../words';

export const feedback: Words<typeof en> = {
  ask: '¿Qué resultó ser?',
  why: 'Se guarda en este servidor. Muestra qué tal aciertan los veredictos y puede fijar umbrales para sus propios archivos.',
  truths: { real: 'Auténtico', fake: 'Falso', unsure: 'No se sabe' },
  takeBack: 'Retirar',
  record: 'Cómo acertaron los veredictos',
  lead: 'Lo que se dijo de los archivos y lo que, según la gente, resultaron ser. Cada archivo cuenta una vez.',
  empty: 'Nadie ha dicho todavía qué resultó ser un archivo. La pregunta está bajo cada resultado.',
  columns: { verdict: 'Veredicto' },
  wrong: (wrong: number, of: number) =>
    `${wrong} de ${of} archivos decididos se decidieron mal, hasta donde se sabe.`,
  list: 'Lo último',
};
