/** The report as one file that needs nothing else: styles and pictures go inside. */
import { send } from '@/api/client';
import { download } from '@/lib/download';
import { language } from '@/lib/language';
import css from './report.css?inline';

const PAGE = 'body { margin: 0; }';

/** Hands the sheet to the browser as a download. Raises ApiError when a picture is gone. */
export async function saveSheet(sheet: HTMLElement, title: string, name: string): Promise<void> {
  const html = await selfContained(sheet, title);
  download(html, 'text/html', name);
}

/** Built as text: in a document of this page the content security policy would refuse the style. */
export async function selfContained(sheet: HTMLElement, title: string): Promise<string> {
  const copy = sheet.cloneNode(true) as HTMLElement;
  await Promise.all([...copy.querySelectorAll('img')].map(embed));
  const name = document.createElement('title');
  name.textContent = title;
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    name.outerHTML,
    `<style>${PAGE}${css}</style>`,
    copy.outerHTML,
    '</html>\n',
  ].join('\n');
}

async function embed(picture: HTMLImageElement): Promise<void> {
  const response = await send(picture.getAttribute('src') ?? '');
  picture.setAttribute('src', await dataAddress(await response.blob()));
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
