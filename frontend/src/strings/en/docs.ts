export const docs = {
  title: 'API',
  lead: 'Everything this page does is done over HTTP, and can be done by other programs: send a file, follow its stages, read the report.',
  example: 'A first try',
  exampleLead: 'Send a file, then ask for its status until it is complete.',
  raw: 'The whole description (OpenAPI)',
  parameters: 'Parameters',
  required: 'required',
  answers: 'Answers',
} as const;
