import type { Plan } from '#shared/contract/plans';
import { duration, fullTime } from '../format';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = (text: string): string => text.replace(/[&<>"]/g, (mark) => escapes[mark] ?? '');

/** Seconds that all steps are thought to take. */
export function planSeconds(plan: Plan): number {
  return plan.steps.reduce((sum, step) => sum + step.estimateSeconds, 0);
}

export function planFileName(plan: Plan, ending: 'html' | 'json'): string {
  const words = plan.title.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `Plan-${words.slice(0, 80)}.${ending}`;
}

/** The plan as one page that opens anywhere: no script, nothing from the network. */
export function planHtml(plan: Plan): string {
  const steps = plan.steps.map(
    (step, index) => `<li><b>${index + 1} ${safe(step.title)}</b> ${safe(step.sentence)}
<p>${safe(step.unitName)}, ${step.action.kind} by ${step.action.via}, about ${duration(step.estimateSeconds * 1000)}. Promise: ${safe(step.promise)} Undo: ${safe(step.undo ?? 'none')}</p>
<pre>${safe(step.action.text)}</pre></li>`,
  );
  const changes = [...plan.changes]
    .sort((a, b) => Number(b.changed) - Number(a.changed))
    .map(
      ({ unitName, item, before, after, changed }) =>
        `<tr><td>${safe(unitName)}</td><td>${safe(item)}</td><td>${changed ? '−' : '='} ${safe(before)}</td><td>${changed ? '+' : '='} ${safe(after)}</td></tr>`,
    );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${safe(plan.title)}</title>
<style>body{font:14px/20px sans-serif;max-width:900px;margin:24px auto;padding:0 16px}pre{background:#eceff1;padding:8px;white-space:pre-wrap;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #d5dbe0;padding:4px 8px 4px 0;text-align:left}ol{list-style:none;padding:0}</style>
<h1>${safe(plan.title)}</h1>${plan.practice ? '<p><b>Practice</b></p>' : ''}
<p>${safe(plan.effect)}</p><p>Drawn up ${fullTime(plan.drawnUpAt)}. Nothing was sent when this was exported. About ${duration(planSeconds(plan) * 1000)}.</p>
${plan.warnings.map((warning) => `<p>Warning: ${safe(warning)}</p>`).join('\n')}
<h2>Steps</h2><ol>${steps.join('\n')}</ol>
<h2>Before and after</h2><table><tr><th>Unit</th><th>Item</th><th>Before</th><th>After</th></tr>${changes.join('\n')}</table></html>
`;
}

export const planJson = (plan: Plan): string => `${JSON.stringify(plan, null, 2)}\n`;
