/** Every code of the service's problems, and `offline`, which is ours: what happened, what to do. */
interface Told {
  title: string;
  advice: string;
}

const told: Record<string, Told> = {
  offline: {
    title: 'The service does not answer',
    advice: 'Check that it runs and that you are connected, then try again.',
  },
  missing_file: { title: 'No file arrived', advice: 'Choose a file and send it again.' },
  invalid_request: {
    title: 'The service did not understand the request',
    advice: 'Reload the page and try again.',
  },
  not_found: {
    title: 'There is no such analysis',
    advice: 'The address may be incomplete, or belong to another server.',
  },
  gone: {
    title: 'This is no longer stored',
    advice:
      'It was deleted or cleared from the server, and cannot be brought back. If you have the file, analyse it again.',
  },
  method_not_allowed: {
    title: 'The service does not support this',
    advice: 'Reload the page: it may be older than the service.',
  },
  conflict: {
    title: 'This is not possible in the present state',
    advice: 'Reload the page to see how the analysis stands.',
  },
  unknown_host: {
    title: 'The service does not go by this name',
    advice: 'Use its usual address, or ask whoever runs it to allow this name.',
  },
  cross_site: {
    title: 'The service did not trust this request',
    advice: 'Open the page of the service itself and try again there.',
  },
  no_key: {
    title: 'A key is needed here',
    advice: 'Sign in with a key that is valid. Whoever runs the service can make one.',
  },
  not_allowed: {
    title: 'Your key does not allow this',
    advice: 'Ask whoever runs the service for a key that does.',
  },
  rate_limited: {
    title: 'Too many requests in a minute',
    advice: 'Try again in a moment.',
  },
  quota_exceeded: {
    title: 'Your key has used up its analyses of the day',
    advice: 'Try again later, or ask whoever runs the service for more.',
  },
  too_large: {
    title: 'The file is too large',
    advice: 'Cut out the part in question, or send a smaller version.',
  },
  too_slow: {
    title: 'The upload came too slowly',
    advice: 'Send it over a better connection, or send a smaller version.',
  },
  busy: {
    title: 'Too many analyses are waiting',
    advice: 'Your file was not lost, only not taken yet. Try again in a moment.',
  },
  not_ready: {
    title: 'The service is starting, or busy',
    advice: 'Try again in a few seconds.',
  },
  storage_failed: {
    title: 'The service could not store the file',
    advice: 'Its disk may be full. Tell whoever runs it.',
  },
  empty_file: {
    title: 'The file is empty',
    advice: 'The download or copy probably failed; get it once more.',
  },
  not_media: {
    title: 'This is not a video, picture or sound that can be read',
    advice:
      'Send MP4, MOV, MKV, WebM, AVI, JPEG, PNG, WebP, WAV, FLAC, MP3, OGG or M4A. Export HEIC photos as JPEG.',
  },
  unreadable: {
    title: 'The file cannot be read',
    advice: 'It is damaged beyond repair or incomplete; get another copy.',
  },
  encrypted: {
    title: 'The file is encrypted',
    advice: 'Get a copy that plays without a key.',
  },
  no_streams: {
    title: 'The file holds neither picture nor sound',
    advice: 'It is a container without content; get another copy.',
  },
  no_frames: {
    title: 'The file holds no picture that can be decoded',
    advice: 'It is damaged or incomplete; get another copy.',
  },
  empty_range: {
    title: 'The file has nothing there',
    advice: 'Choose a part that begins before the end of the file.',
  },
  too_big_picture: {
    title: 'The picture has too many pixels',
    advice: 'Send a version with smaller dimensions.',
  },
  cancelled: { title: 'This analysis was cancelled', advice: 'Send the file again to start over.' },
  models_missing: {
    title: 'The models are not installed',
    advice: 'Tell whoever runs the service to restore its models folder.',
  },
  model_rejected: {
    title: 'A model is not the one that was released',
    advice: 'Tell whoever runs the service to restore its models folder.',
  },
  analysis_crashed: {
    title: 'This file crashes the analysis',
    advice: 'It was tried more than once. Convert it to another format and send that.',
  },
  analysis_killed: {
    title: 'The analysis was ended from outside',
    advice: 'The file is not at fault. Try again later.',
  },
  analysis_stalled: {
    title: 'The analysis got stuck',
    advice: 'Send the file again; if it happens twice, convert it to another format first.',
  },
  internal: {
    title: 'Something failed on our side',
    advice: 'Try again; if it persists, report it to whoever runs the service.',
  },
};

/** Codes that a later version of the service may add are told in the service's own sentence. */
export function errorText(code: string, sentence: string): Told {
  return told[code] ?? { title: 'This did not work', advice: sentence };
}
