/** Sentences that the service writes for people come in English. */
export function service(sentence: string): string {
  return sentence;
}
