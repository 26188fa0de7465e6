/** What a page shows of an OpenAPI description: one entry a method and path. */

export interface OpenApi {
  paths: Record<string, Record<string, Described>>;
}

interface Described {
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  responses?: Record<string, { description?: string }>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
}

export interface Operation {
  /** "POST /analyze". */
  name: string;
  text: string;
  parameters: readonly Parameter[];
  /** Status and what it means. */
  answers: readonly (readonly [string, string])[];
}

const METHODS = ['get', 'post', 'put', 'delete'];

export function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const described = methods[method];
      if (!described) return [];
      const { summary = '', description, parameters = [], responses = {} } = described;
      return {
        name: `${method.toUpperCase()} ${path}`,
        text: description ?? summary,
        parameters,
        answers: Object.entries(responses).map(
          ([status, answer]) => [status, answer.description ?? ''] as const,
        ),
      };
    }),
  );
}
