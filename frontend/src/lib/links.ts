/** Addresses of what belongs to an analysis. */

export const artefactUrl = (id: string, name: string) => `/report/${id}/${name}`;
export const mediaUrl = (id: string) => `/analyses/${id}/media`;
/** The screen on which a report is printed and saved. */
export const sheetUrl = (id: string) => `/analysis/${id}/report`;
export const reportUrl = (id: string) => `/report/${id}`;
