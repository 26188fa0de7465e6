/** The shape of a catalogue: its keys and parameters, whatever the words are. */
export type Words<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Told
    ? (...given: Given) => Words<Told>
    : { [Key in keyof T]: Words<T[Key]> };
