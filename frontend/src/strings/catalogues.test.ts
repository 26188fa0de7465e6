/** Both languages say all of it, and nothing that stands in one is empty or forgotten in the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as en from './en';
import * as es from './es';
import { told } from './es/errors';
import { known } from './es/service';
import { translator } from './sentences';

/** Paths to all that is said, with it: "verdict.scale.real". */
function paths(words: object, prefix = ''): [string, unknown][] {
  return Object.entries(words).flatMap(([key, value]): [string, unknown][] => {
    const path = prefix + key;
    return typeof value === 'object' && value !== null ? paths(value, `${path}.`) : [[path, value]];
  });
}

const OPEN = ['glossary'];
const closed = (catalogue: object) =>
  paths(Object.fromEntries(Object.entries(catalogue).filter(([name]) => !OPEN.includes(name))));

test('every key stands in both languages', () => {
  const keys = (catalogue: object) =>
    closed(catalogue)
      .map(([path]) => path)
      .sort();
  expect(keys(es)).toEqual(keys(en));
});

test('nothing is empty, and what takes parameters takes them in both', () => {
  const spanish = new Map(closed(es));
  for (const [path, value] of closed(en)) {
    const other = spanish.get(path);
    expect(typeof other, path).toBe(typeof value);
    if (typeof value === 'string') expect(other, path).not.toBe('');
    else expect((other as () => void).length, path).toBe((value as () => void).length);
  }
});

test('both languages know the same problems', () => {
  const codes = [
    ...readFileSync('src/strings/en/errors.ts', 'utf8').matchAll(/^ {2}(\w+): \{/gm),
  ].map(([, code]) => code ?? '');
  expect(codes.length).toBeGreaterThan(20);
  expect(Object.keys(told).sort()).toEqual(codes.sort());
});

test('every problem that the service has a code for is told', () => {
  const table = /STATUS[^{]*\{([\s\S]*?)\n\}/.exec(
    readFileSync(join(SERVICE, 'errors.py'), 'utf8'),
  );
  const codes = [...(table?.[1] ?? '').matchAll(/"(\w+)": \d+/g)].map(([, code]) => code ?? '');
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !(code in told))).toEqual([]);
});

describe('sentences of the service', () => {
  test.each([
    ['The voice scores 31 %.', 'La voz puntúa 31 %.'],
    [
      'How face and picture look scores 4 % on average over 32 pictures, 9 % at most.',
      'El aspecto de la cara y de la imagen puntúa 4 % en promedio en 32 imágenes, 9 % como máximo.',
    ],
    [
      'No face can be examined: those found are too small or too blurred.',
      'No se puede examinar ninguna cara: las encontradas son demasiado pequeñas o demasiado borrosas.',
    ],
    [
      'The misfit of lips and voice scores 40 %; they fit best with the voice 0.04 s after the lips.',
      'El desajuste de labios y voz puntúa 40 %; encajan mejor con la voz 0.04 s después de los labios.',
    ],
    [
      'The voice sounds made or altered by a machine; the picture shows no trace that we know.',
      'La voz suena creada o alterada por una máquina; la imagen no muestra rastros que conozcamos.',
    ],
    [
      'The sound lasts 1.2 s longer than the picture.',
      'Duración distinta: el sonido dura 1.2 s más que la imagen.',
    ],
    ['Skipped 1 damaged piece of the file.', 'Se omitió del archivo: 1 trozo dañado.'],
    ['Something that nobody translated.', 'Something that nobody translated.'],
    ['', ''],
  ])('“%s”', (told, expected) => expect(es.service(told)).toBe(expected));

  test('as many parts come out as go in', () => {
    const parts = (text: string) => text.split('{}').length;
    for (const [from, to] of Object.entries(known)) expect(parts(to), from).toBe(parts(from));
  });

  test('what looks like a pattern is text', () => {
    const tell = translator({ 'a.c (x)': 'yes', '{} $& {}': '{}-{}' });
    expect(tell('a.c (x)')).toBe('yes');
    expect(tell('abc x')).toBe('abc x');
    expect(tell('$1 $& 2')).toBe('$1-2');
  });

  test('every stage has a title and a description', () => {
    const files = ['stages.py', 'media/stages.py'].concat(
      readdirSync(join(SERVICE, 'branches'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('__init__.py'))
        .map((file) => join('branches', file)),
    );
    const spoken = files.flatMap((file) =>
      [
        ...readFileSync(join(SERVICE, file), 'utf8').matchAll(/(?:title|description)="([^"]+)"/g),
      ].map(([, text]) => text ?? ''),
    );
    expect(spoken.length).toBeGreaterThan(20);
    expect(spoken.filter((text) => !(text in known))).toEqual([]);
  });

  test('all that the service says stands here', () => {
    const spoken = [...ROOMS.flatMap(filesIn), 'explain.py'].flatMap(sentencesOf);
    const missing = spoken.filter((sentence) => !isKnown(sentence));
    expect(missing).toEqual([]);
  });
});

const SERVICE = '../backend/assay';
/** Rooms that speak to people in reports; problems have codes, and words of their own. */
const ROOMS = ['branches', 'media/forensics', 'media/io'];
/** Files whose sentences are for those who write branches. */
const PROGRAMMERS = /^(registry|__init__)\.py$/;

/** Paths of a room's modules that speak. */
function filesIn(room: string): string[] {
  return readdirSync(join(SERVICE, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.py') && !PROGRAMMERS.test(file))
    .map((file) => join(room, file));
}

/**
 * Whole sentences in a module: literals that begin with a capital and end with a full stop. Those of
 * problems are left out: the page tells a problem by its code.
 */
function sentencesOf(path: string): string[] {
  const code = readFileSync(join(SERVICE, path), 'utf8')
    .replace(/"""[\s\S]*?"""/g, '')
    .replace(/"\s*\n\s*f?"/g, '') // One sentence over two lines.
    .replace(/AssayError\([\s\S]*?"\s*\)|message = .*/g, '');
  return [...code.matchAll(/(?<=[(= ])f?"([A-Z][^"\n]*\.)"/g)]
    .map(([, text]) => text ?? '')
    .filter((text) => text.includes(' '));
}

/** Whether a sentence of the code, its gaps filled with anything, is translated. */
function isKnown(sentence: string): boolean {
  const filled = sentence.replace(/\{[^{}]*\}/g, 'gap');
  return es.service(filled) !== filled;
}
