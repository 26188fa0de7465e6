/** Addresses of what belongs to an analysis or a model. */

export const artefactUrl = (id: string, name: string) => `/report/${id}/${name}`;
export const mediaUrl = (id: string) => `/analyses/${id}/media`;
/** The screen on which a report is printed and saved. */
export const sheetUrl = (id: string) => `/analysis/${id}/report`;
export const reportUrl = (id: string) => `/report/${id}`;
export const signatureUrl = (id: string) => `/report/${id}/signature`;
/** What signatures are checked with. */
export const SIGNING_KEY_URL = '/signing-key';
/** A drawing that a model's card refers to. */
export const figureUrl = (model: string, name: string) => `/models/${model}/${name}`;
