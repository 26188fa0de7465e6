export const docs = {
  title: 'API',
  lead: 'Everything this page does is done over HTTP, and can be done by other programs: send a file, follow its stages, read the report.',
  example: 'A first try',
  exampleLead: 'Send a file, then ask for its status until it is complete.',
  keys: {
    title: 'Keys',
    text: 'Where the service asks for a key, send it as a bearer token. It has scopes (read, submit, delete, metrics, admin), sees its own analyses alone unless it is an admin’s, and every answer tells in RateLimit what it may still send. Without one: 401.',
  },
  webhooks: {
    title: 'Webhooks',
    text: 'A form field “webhook” names an https address that is told when the analysis has ended: a POST signed as Standard Webhooks say (webhook-id, webhook-timestamp, webhook-signature), sent again for a day until it is answered by 2xx. The service needs ASSAY_WEBHOOK_SECRET for it.',
  },
  signatures: {
    title: 'Signed reports',
    text: 'Every report is signed (Ed25519) over its very bytes, so that whoever is handed one can tell that it is from this service and unchanged.',
  },
  raw: 'The whole description (OpenAPI)',
  parameters: 'Parameters',
  required: 'required',
  answers: 'Answers',
} as const;
