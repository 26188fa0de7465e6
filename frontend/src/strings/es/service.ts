import { translator } from '../sentences';

/** By the English of the service; `{}` stands for numbers, names, and parts that stand here too. */
export const known: Readonly<Record<string, string>> = {
  // Stages
  Ingest: 'Apertura',
  'Opens the file and measures what is in it': 'Abre el archivo y mide lo que contiene',
  Hints: 'Indicios',
  'Reads the compressed stream for traces of editing, without decoding it':
    'Lee el flujo comprimido en busca de rastros de edición, sin decodificarlo',
  'Faces and speech': 'Caras y habla',
  'Finds and follows faces, cuts them out untouched, and extracts the sound':
    'Encuentra y sigue las caras, las recorta sin tocarlas y extrae el sonido',
  Gate: 'Filtro',
  'Looks for traces of synthesis in tiny patches of untouched pixels':
    'Busca rastros de síntesis en parches diminutos de píxeles sin tocar',
  Faces: 'Caras',
  'Looks at faces and the picture around them for blending and synthesis':
    'Busca mezclas y síntesis en las caras y en la imagen que las rodea',
  'Faces over time': 'Caras en el tiempo',
  'Follows each face through time for flicker, freezes and drift':
    'Sigue cada cara en el tiempo en busca de parpadeos, congelaciones y derivas',
  Voice: 'Voz',
  'Listens to speech, not to music, for the traces of vocoders and synthesis':
    'Escucha el habla, no la música, en busca de rastros de vocoders y síntesis',
  'Lips and voice': 'Labios y voz',
  'Compares moving lips with the sound at every moment and at every shift':
    'Compara los labios en movimiento con el sonido, en cada momento y desplazamiento',
  'All of it': 'Todo',
  'Goes through the whole file for a score at every moment; it decides nothing':
    'Recorre todo el archivo para puntuar cada momento; no decide nada',
  Fusion: 'Fusión',
  'Weighs the twelve features into one calibrated probability':
    'Reúne las doce características en una probabilidad calibrada',
  Verdict: 'Veredicto',
  'Decides, or says that the evidence does not': 'Decide, o dice que las pruebas no deciden',

  // The verdict
  'What was examined holds neither a face that could be judged nor speech, and nothing else is judged. That says nothing about the file.':
    'Lo examinado no contiene ni una cara que se pudiera juzgar ni habla, y no se juzga nada más. Eso no dice nada del archivo.',
  'The faces look drawn, painted or masked. Only photographs of people are judged, so there is no verdict on them.':
    'Las caras parecen dibujadas, pintadas o enmascaradas. Solo se juzgan fotografías de personas, así que no hay veredicto sobre ellas.',
  'What could have been judged could not be examined; see the branches.':
    'Lo que se podía juzgar no se pudo examinar; mira las ramas.',
  'What was examined bears traces of having been made or altered by a machine.':
    'Lo examinado tiene rastros de haber sido creado o alterado por una máquina.',
  'Taken together, what was examined bears traces of having been made or altered by a machine, though no part of it does by itself.':
    'En conjunto, lo examinado tiene rastros de haber sido creado o alterado por una máquina, aunque ninguna parte los tiene por sí sola.',
  'What was examined bears no trace of forgery that would be enough to call it one. That does not prove it real.':
    'Lo examinado no tiene rastros que basten para llamarlo falsificación. Eso no demuestra que sea real.',
  'The evidence does not decide. Treat this as unknown, not as half fake.':
    'Las pruebas no deciden. Trátalo como desconocido, no como medio falso.',
  '{}. That alone does not decide: treat this as unknown.':
    '{}. Eso solo no decide: trátalo como desconocido.',
  '{}; {}; {}.': '{}; {}; {}.',
  '{}; {}.': '{}; {}.',
  '{}; {}': '{}; {}',
  'The faces look made or altered by a machine':
    'Las caras parecen creadas o alteradas por una máquina',
  'The faces look made or altered by a machine.':
    'Las caras parecen creadas o alteradas por una máquina.',
  'The voice sounds made or altered by a machine': 'La voz suena creada o alterada por una máquina',
  'The voice sounds made or altered by a machine.':
    'La voz suena creada o alterada por una máquina.',
  'Lips and voice do not belong together': 'Labios y voz no corresponden',
  'Lips and voice do not belong together.': 'Labios y voz no corresponden.',
  'the picture shows no trace that we know': 'la imagen no muestra rastros que conozcamos',
  'the voice bears no trace that we know': 'la voz no tiene rastros que conozcamos',
  'lips and voice fit': 'labios y voz encajan',

  // The branches
  '{} scores {} on average over {} pictures, {} at most.':
    '{} puntúa {} en promedio en {} imágenes, {} como máximo.',
  '{} scores {}.': '{} puntúa {}.',
  'How face and picture look': 'El aspecto de la cara y de la imagen',
  'The finest pixel structure of the faces': 'La estructura de píxeles más fina de las caras',
  'How the face changes over time': 'El cambio de la cara en el tiempo',
  'The voice': 'La voz',
  'The voice scores {} over {} windows of speech, {} at most.':
    'La voz puntúa {} en {} ventanas de habla, {} como máximo.',
  'The misfit of lips and voice scores {}; they {}.': 'El desajuste de labios y voz puntúa {}; {}.',
  'fit at no shift of the sound more than at the others':
    'no encajan con ningún desplazamiento del sonido más que con los otros',
  'fit best at the same moment': 'encajan mejor en el mismo momento',
  'fit best with the voice {} s after the lips':
    'encajan mejor con la voz {} s después de los labios',
  'fit best with the voice {} s before the lips':
    'encajan mejor con la voz {} s antes de los labios',
  'The media has no picture.': 'El archivo no tiene imagen.',
  'The media has no sound.': 'El archivo no tiene sonido.',
  'The sound could not be read.': 'El sonido no se pudo leer.',
  'No face was found.': 'No se encontró ninguna cara.',
  'The faces look drawn, painted or masked; those are not judged.':
    'Las caras parecen dibujadas, pintadas o enmascaradas; esas no se juzgan.',
  'No face can be examined: those found are {}.':
    'No se puede examinar ninguna cara: las encontradas son {}.',
  'too small': 'demasiado pequeñas',
  'too blurred': 'demasiado borrosas',
  'cut off by the edge': 'cortadas por el borde',
  'too small or too blurred': 'demasiado pequeñas o demasiado borrosas',
  'too small or cut off by the edge': 'demasiado pequeñas o cortadas por el borde',
  'too blurred or cut off by the edge': 'demasiado borrosas o cortadas por el borde',
  'too small, too blurred or cut off by the edge':
    'demasiado pequeñas, demasiado borrosas o cortadas por el borde',
  'No speech was found in the sound; music and noise are not judged.':
    'No se encontró habla en el sonido; la música y el ruido no se juzgan.',
  'The sound holds too little speech to judge.': 'El sonido contiene muy poca habla para juzgarla.',
  'There are no face embeddings to follow.': 'No hay representaciones de caras que seguir.',
  'No face stays in view for a second.': 'Ninguna cara permanece a la vista un segundo.',
  'No mouth is in view for long enough.': 'Ninguna boca está a la vista el tiempo suficiente.',
  'Hardly anybody speaks while a mouth is in view.':
    'Casi nadie habla mientras hay una boca a la vista.',
  'No mouth moves while somebody speaks.': 'Ninguna boca se mueve mientras alguien habla.',
  'Too little of the sound can be compared with lips.':
    'Muy poco del sonido se puede comparar con labios.',
  'Early exit: the gate found the faces confidently real.':
    'Salida anticipada: la primera comprobación vio las caras claramente reales.',
  'This branch failed; the verdict does without it.':
    'Esta rama falló; el veredicto prescinde de ella.',

  // Traces in the file
  'The picture names the camera that took it: {}.': 'La imagen nombra la cámara que la tomó: {}.',
  'The picture names the software that saved it: {}.':
    'La imagen nombra el programa que la guardó: {}.',
  'The picture carries notes of the kind that image generators leave.':
    'La imagen lleva notas como las que dejan los generadores de imágenes.',
  'The container was written by FFmpeg ({}), as most edited, downloaded and generated files are.':
    'El contenedor lo escribió FFmpeg ({}), como en la mayoría de los archivos editados, descargados y generados.',
  'The container names the software that wrote it: {}.':
    'El contenedor nombra el programa que lo escribió: {}.',
  'The picture was compressed by {}, a software encoder; cameras and phones use their own.':
    'La imagen la comprimió {}, un codificador por software; las cámaras y los teléfonos usan el suyo.',
  'The header states {} s but the file holds {} s: it was cut off.':
    'La cabecera declara {} s, pero el archivo contiene {} s: está cortado.',
  'The {} lasts {} s longer than the {}.': 'Duración distinta: {} dura {} s más que {}.',
  picture: 'la imagen',
  sound: 'el sonido',
  'The frame rate of {} a second is unusual for a camera.':
    'La velocidad de {} imágenes por segundo es inusual en una cámara.',
  'An edit list plays the recording in {} pieces.':
    'Una lista de edición reproduce la grabación en {} trozos.',
  'Pieces that were compressed differently have been joined.':
    'Se unieron trozos comprimidos de distinta manera.',
  "Packets grow about every {} pictures off the file's own key frames: it was probably compressed before.":
    'Los paquetes crecen cada {} imágenes, más o menos, fuera de los fotogramas clave del archivo: probablemente ya se había comprimido antes.',
  'The credentials are damaged or of a kind that cannot be read.':
    'Las credenciales están dañadas o son de un tipo que no se puede leer.',
  'The file or its credentials are too large to be checked.':
    'El archivo o sus credenciales son demasiado grandes para comprobarlos.',
  'Reading the credentials failed or took too long.':
    'La lectura de las credenciales falló o tardó demasiado.',

  // What could not be read
  'Skipped {} of the file.': 'Se omitió del archivo: {}.',
  '1 damaged piece': '1 trozo dañado',
  '{} damaged pieces': '{} trozos dañados',
  'The file has {} picture tracks; only the main one was examined.':
    'El archivo tiene {} pistas de imagen; solo se examinó la principal.',
  'The file has {} sound tracks; only the main one was examined.':
    'El archivo tiene {} pistas de sonido; solo se examinó la principal.',
  'The file has a cover picture; only the sound was examined.':
    'El archivo tiene una carátula; solo se examinó el sonido.',
  'The video is very heavy; only a part was examined.':
    'El video es muy pesado; solo se examinó una parte.',
  'The animation is very heavy; only a part was examined.':
    'La animación es muy pesada; solo se examinó una parte.',
  'The sound has an arrangement of channels that cannot be mixed.':
    'El sonido tiene una disposición de canales que no se puede mezclar.',
  'Only the beginning of the video could be read.': 'Solo se pudo leer el principio del video.',
  'Parts of the video could not be reached and were left out.':
    'No se pudo llegar a partes del video y se dejaron fuera.',
  'The picture changes its size midway.': 'La imagen cambia de tamaño a mitad.',
  'The picture is damaged; what could be read of it was examined.':
    'La imagen está dañada; se examinó lo que se pudo leer.',
  'The file holds more pictures (pages, views or a depth map); only the first was examined.':
    'El archivo contiene más imágenes (páginas, vistas o un mapa de profundidad); solo se examinó la primera.',
  'A video is attached to this photo (a motion photo); only the photo was examined. Export the video and upload it to have it examined too.':
    'La foto lleva un video adjunto (foto en movimiento); solo se examinó la foto. Exporta el video y súbelo para que se examine también.',
  'The file was damaged and had to be repaired before it was read.':
    'El archivo estaba dañado y hubo que repararlo antes de leerlo.',
  'The picture could not be read; only the sound was examined.':
    'La imagen no se pudo leer; solo se examinó el sonido.',
};

export const service = translator(known);
