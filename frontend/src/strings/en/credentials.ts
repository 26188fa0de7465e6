/** Content Credentials (C2PA). Codes that are not named here are shown as they are. */

const sources: Record<string, string> = {
  digitalCapture: 'taken by a camera',
  computationalCapture: 'taken by a camera that computes its pictures',
  negativeFilm: 'scanned from negative film',
  positiveFilm: 'scanned from positive film',
  print: 'scanned from a print',
  humanEdits: 'edited by a person',
  digitalCreation: 'drawn or composed by a person',
  dataDrivenMedia: 'made from data',
  algorithmicMedia: 'made by an algorithm',
  algorithmicallyEnhanced: 'enhanced by an algorithm',
  trainedAlgorithmicMedia: 'made by generative AI',
  compositeWithTrainedAlgorithmicMedia: 'composed, with parts made by generative AI',
  composite: 'composed of several media',
  compositeCapture: 'composed of several takes',
  compositeSynthetic: 'composed, with synthetic parts',
  screenCapture: 'recorded from a screen',
  virtualRecording: 'recorded in a virtual world',
};

const actions: Record<string, string> = {
  'c2pa.created': 'created',
  'c2pa.opened': 'opened',
  'c2pa.placed': 'another medium placed in it',
  'c2pa.edited': 'edited',
  'c2pa.cropped': 'cropped',
  'c2pa.color_adjustments': 'colours adjusted',
  'c2pa.resized': 'resized',
  'c2pa.orientation': 'turned',
  'c2pa.filtered': 'filtered',
  'c2pa.drawing': 'drawn on',
  'c2pa.removed': 'something removed',
  'c2pa.redacted': 'something redacted',
  'c2pa.dubbed': 'dubbed',
  'c2pa.translated': 'translated',
  'c2pa.watermarked': 'watermarked',
  'c2pa.converted': 'converted',
  'c2pa.transcoded': 'encoded again',
  'c2pa.repackaged': 'packed anew',
  'c2pa.published': 'published',
  'c2pa.unknown': 'something unknown',
};

const problems: Record<string, string> = {
  'assertion.dataHash.mismatch': 'The file was changed after signing.',
  'assertion.bmffHash.mismatch': 'The file was changed after signing.',
  'assertion.boxesHash.mismatch': 'The file was changed after signing.',
  'assertion.hashedURI.mismatch': 'A statement was changed after signing.',
  'claimSignature.mismatch': 'The signature does not match what was signed.',
  'claimSignature.outsideValidity': 'It was signed when its certificate was not valid.',
  'signingCredential.expired': 'The certificate had expired.',
  'signingCredential.invalid': 'The certificate is not of the kind that may sign.',
  'signingCredential.ocsp.revoked': 'The certificate was revoked.',
  'timeStamp.mismatch': 'The time stamp belongs to something else.',
};

export const credentials = {
  title: 'Content Credentials',
  states: {
    absent: 'The file carries none. Most media carry none, and that says nothing about this one.',
    intact: 'Intact: the file is as it was when they were signed.',
    invalid: 'They do not hold: do not rely on what they state.',
    unreadable: 'The file carries some, but they cannot be read.',
  },
  generative: 'By their own account, generative AI made it or a part of it.',
  trust:
    'Anybody can sign. Who did is told by the certificate itself and checked against no list of trusted signers.',
  facts: {
    signer: 'Signed by',
    issuer: 'Organisation',
    signedAt: 'Time stamp',
    generator: 'Made with',
    sources: 'Origin',
    steps: 'Steps',
    ingredients: 'Made from',
  },
  ingredients: (count: number) => (count === 1 ? 'one other medium' : `${count} other media`),
  source: (type: string) => sources[type] ?? type,
  action: (name: string, software: string | null) =>
    `${actions[name] ?? name}${software ? ` (${software})` : ''}`,
  problem: (code: string) => problems[code] ?? code,
} as const;
