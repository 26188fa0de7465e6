/** Addresses of what belongs to an analysis. */

export const artefactUrl = (id: string, name: string) => `/report/${id}/${name}`;
export const mediaUrl = (id: string) => `/analyses/${id}/media`;
export const exportUrl = (id: string, format: 'html' | 'pdf') => `/analyses/${id}/report.${format}`;
export const reportUrl = (id: string) => `/report/${id}`;
