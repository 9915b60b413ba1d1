import { createHash } from 'node:crypto';
import { parse, type DefaultTreeAdapterMap } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { JobDetail } from '#shared/contract/jobs';
import { renderRecord } from '#engine/jobs/record/render';
import { job412 } from './record-fixture';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const context = { auditSequence: 1893, version: '0.9.0', timeZone: 'Europe/London' };

function elements(node: Node): Element[] {
  const own = 'tagName' in node ? [node] : [];
  return 'childNodes' in node ? [...own, ...node.childNodes.flatMap(elements)] : own;
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const read = (html: string) => elements(parse(html));
const words = (html: string) =>
  textOf(read(html).find((element) => element.tagName === 'body') ?? parse(html)).replace(/\s+/g, ' ');

describe('the change record', () => {
  it('says who, when with zone, why, what, and how it ended', () => {
    const text = words(renderRecord(job412(), context));
    for (const fact of [
      'Direct Routing fix on ICA-APP03 done and proved',
      'Started 22 Nov 2026 02:04:22 GMT',
      'Took 3 min 31 s',
      'By jokafor',
      'Change CHG-20418',
      'Reason ICA-APP03 answers ARP for the floating IP',
      'Touched ICA-APP03, lb-main-1',
      'Every promise holds, 4 of 4.',
      'Audit entry 1893, head 5d0e83…44c1',
      'Times are in Europe/London.',
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('reads across a step: plan, journal, proof in one row', () => {
    const rows = read(renderRecord(job412(), context)).filter((element) =>
      element.attrs.some((attribute) => attribute.name === 'id' && attribute.value === 'step-3'),
    );
    const cells = elements(rows[0] ?? parse(''))
      .filter((element) => element.tagName === 'td')
      .map((cell) => textOf(cell).replace(/\s+/g, ' ').trim());
    expect(cells).toEqual([
      '3 Install Loopback adapter, in-box netloop.inf exact command ICA-APP03 some risk: LAN',
      '02:06:34 48 s SetupAPI, *MSLOOP, gave ROOT\\NET\\0001, ifIndex 19 02:06:57 link lost, back after 2.1 s (one reconnect allowed).',
      'One adapter, driver ok, up holds, seen: loopback, ifIndex 19',
    ]);
  });

  it('has every command word for word', () => {
    const detail = job412();
    const texts = read(renderRecord(detail, context))
      .filter((element) => element.tagName === 'pre')
      .map(textOf);
    expect(texts.slice(0, detail.plan.steps.length)).toEqual(detail.plan.steps.map((step) => step.action.text));
  });

  it('carries the texts its digests are of', () => {
    const page = read(renderRecord(withOddNote(job412()), context));
    const digests = page
      .filter((element) => element.tagName === 'code')
      .map(textOf)
      .filter((text) => /^[0-9a-f]{64}$/.test(text));
    const texts = page
      .filter((element) => element.tagName === 'details')
      .map((element) => element.childNodes.filter((n) => n.nodeName === 'pre').map(textOf)[0] ?? '');
    expect(texts).toHaveLength(3);
    expect(texts.map((text) => createHash('sha256').update(text).digest('hex'))).toEqual(digests.slice(0, 3));
  });

  it('has no script, loads nothing, and says so to the browser', () => {
    const html = renderRecord(job412(), context);
    const page = read(html);
    const names = new Set(page.map((element) => element.tagName));
    for (const tag of ['script', 'link', 'img', 'iframe', 'object', 'form', 'base']) expect(names).not.toContain(tag);
    const attributes = page.flatMap((element) => element.attrs);
    expect(attributes.filter(({ name }) => name.startsWith('on'))).toEqual([]);
    const links = attributes.filter(({ name }) => name === 'href' || name === 'src').map(({ value }) => value);
    expect(links.every((link) => link.startsWith('#'))).toBe(true);
    expect(html).not.toMatch(/url\(|@import/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('shows whatever a unit answered as text and nothing else', () => {
    const detail = job412({ title: '<script>alert(1)</script>', reason: '"><img src=x onerror=alert(1)>' });
    const nasty = '</pre></td><script>alert(2)</script>\u202eevil\u0007&amp;';
    const journal = detail.journal.map((entry) => ({
      ...entry,
      notes: [{ at: 1, level: 'info' as const, text: nasty, code: true }],
    }));
    const html = renderRecord({ ...detail, journal }, context);
    const page = read(html);
    expect(page.some((element) => element.tagName === 'script' || element.tagName === 'img')).toBe(false);
    expect(words(html)).toContain('</pre></td><script>alert(2)</script>\ufffdevil\ufffd&amp;');
  });

  it('labels practice, and only practice, with a band and the word', () => {
    const band = (practice: boolean) =>
      read(renderRecord(job412({ practice }), context)).filter((element) =>
        element.attrs.some(({ name, value }) => name === 'class' && value === 'practice'),
      );
    expect(band(true).map(textOf)).toEqual(['practice: these units are simulated, nothing real was changed']);
    expect(band(false)).toEqual([]);
  });

  it('claims no more than was read', () => {
    const detail = job412({ verdict: 'not-proved' });
    const held = [true, null, false, true];
    const proof = detail.proof.map((line, index) => ({ ...line, held: held[index] ?? null }));
    const text = words(renderRecord({ ...detail, proof }, context));
    expect(text).toContain('2 of 4 promises hold, 1 does not, 1 could not be read. The job is not proved.');
    expect(text).toContain('done, not proved');
    expect(text).not.toContain('Every promise holds');
    const none = words(renderRecord({ ...detail, proof: [], provedAt: null }, context));
    expect(none).toContain('Nothing was proved.');
  });

  it('tells of a failed job what stands', () => {
    const error = {
      code: 'link_cut' as const,
      message: 'The link was cut.',
      details: { unit: 'ICA-APP03', step: 'Install', advice: 'Look at the cable.' },
    };
    const detail = job412({ state: 'failed', verdict: 'not-proved', error });
    const journal = detail.journal.map((entry, index) => ({
      ...entry,
      state: index < 2 ? ('done' as const) : ('pending' as const),
    }));
    const text = words(renderRecord({ ...detail, journal, proof: [], provedAt: null }, context));
    expect(text).toContain('ICA-APP03, Install: The link was cut. link_cut Next: Look at the cable.');
    expect(text).toContain('2 of 4 steps were completed and were not taken back.');
  });

  it('gives the same bytes for the same job', () => {
    expect(renderRecord(job412(), context)).toBe(renderRecord(job412(), context));
  });
});

function withOddNote(detail: JobDetail): JobDetail {
  const note = { at: 1, level: 'info', text: 'caf\u00e9 \u202eevil\u0085 \ufeff \r\n <&>', code: true } as const;
  return { ...detail, journal: detail.journal.map((entry) => ({ ...entry, notes: [note] })) };
}
