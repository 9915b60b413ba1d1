import { attribute, elementsOf, parseHtml, textIn } from './html';

/**
 * The link of the menu to the technical support download: its address is not published [U], so it is looked for by its
 * words. A path on the same host, or `null`.
 */
export function findSupportDownload(page: string): string | null {
  for (const link of elementsOf(parseHtml(page), 'a')) {
    const href = attribute(link, 'href');
    if (!href || !/support\s+download/i.test(textIn(link))) continue;
    const url = URL.parse(href, 'https://unit.invalid/lbadmin/');
    if (url?.host === 'unit.invalid') return `${url.pathname}${url.search}`;
  }
  return null;
}
