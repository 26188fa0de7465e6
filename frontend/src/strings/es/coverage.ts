import type { coverage as en } from '../en/coverage';
import type { Words } from '../words';

export const coverage: Words<typeof en> = {
  examined: (parts: string) => `Examinado: ${parts}`,
  sound: (share: string) => `${share} de sonido`,
  picture: (share: string) => `${share} de imagen`,
  faces: (examined: number, of: number) =>
    of === 1 ? `${examined} de 1 cara` : `${examined} de ${of} caras`,
  noFace: 'no se encontró ninguna cara',
  part: (examined: string, of: string) => `${examined} de ${of}`,
  all: (length: string) => `los ${length} completos`,
  soundLeft: (length: string) => `${length} del sonido`,
  pictureLeft: (length: string) => `${length} de la imagen`,
};
