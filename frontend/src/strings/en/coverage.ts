export const coverage = {
  examined: (parts: string) => `Examined: ${parts}`,
  sound: (share: string) => `${share} of sound`,
  picture: (share: string) => `${share} of picture`,
  faces: (examined: number, of: number) => `${examined} of ${of} ${of === 1 ? 'face' : 'faces'}`,
  noFace: 'no face was found',
  part: (examined: string, of: string) => `${examined} of ${of}`,
  all: (length: string) => `all ${length}`,
  soundLeft: (length: string) => `${length} of the sound`,
  pictureLeft: (length: string) => `${length} of the picture`,
} as const;
