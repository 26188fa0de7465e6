/**
 * Every word on the page stands in the folders beside this file, one a language, one file a subject.
 *
 * English comes with the page; another language is a file of its own, fetched before anything is
 * drawn. The compiler holds the languages to the same keys and the same parameters.
 */
import { language } from '@/lib/language';
import * as en from './en';
import type { Words } from './words';

const words: Words<typeof en> = language === 'es' ? await import('./es') : en;

export const {
  analysis,
  common,
  compare,
  coverage,
  credentials,
  docs,
  errorText,
  evidence,
  features,
  feedback,
  file,
  further,
  glossary,
  history,
  modalities,
  models,
  pipeline,
  report,
  service,
  session,
  upload,
  verdict,
  why,
} = words;
