import type { JobDetail } from '#shared/contract/jobs';
import type { Plan, PlanChange } from '#shared/contract/plans';
import { canonicalJson, sha256 } from '#engine/audit/index';
import { html, type Html } from './html';

/** Before and after, what changes first. */
export function changeTable(plan: Plan): Html | null {
  if (plan.changes.length === 0) return null;
  const rows = [
    ...plan.changes.filter((change) => change.changed),
    ...plan.changes.filter((change) => !change.changed),
  ];
  return html`<section>
    <h2>Before and after, as planned</h2>
    <table class="changes">
      <thead>
        <tr>
          <th>Unit</th>
          <th>Item</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(changeRow)}
      </tbody>
    </table>
  </section> `;
}

function changeRow(change: PlanChange): Html {
  if (!change.changed) {
    return html`<tr class="same">
      <td>${change.unitName}</td>
      <td>${change.item}</td>
      <td>= ${change.before}</td>
      <td>= ${change.after}</td>
    </tr>`;
  }
  return html`<tr>
    <td>${change.unitName}</td>
    <td>${change.item}</td>
    <td>− ${change.before}</td>
    <td class="strong">+ ${change.after}</td>
  </tr>`;
}

/** Every command, request and script of the plan, word for word. */
export function exactTexts(plan: Plan): Html {
  return html`<section>
    <h2>Exact commands, requests and scripts</h2>
    ${plan.steps.map(
      (step, index) =>
        html`<div class="exact-text" id="exact-${index + 1}">
          <div>
            <b>${index + 1} ${step.title}</b>
            <span class="muted">${step.unitName}, ${step.action.kind} over ${step.action.via}</span>
          </div>
          <pre>${step.action.text}</pre>
          <div class="muted">Expected: ${step.expect} Undo: ${step.undo ?? 'none'}</div>
        </div> `,
    )}
  </section> `;
}

/** Digests, with the very texts they are of, so that anyone can compute them again. */
export function digests(detail: JobDetail, auditSequence: number | null): Html {
  const parts = (['plan', 'journal', 'proof'] as const).map((name) => ({ name, text: canonicalJson(detail[name]) }));
  return html`<section>
    <h2>Digests</h2>
    <table class="digests">
      <tbody>
        ${parts.map(
          ({ name, text }) =>
            html`<tr>
              <th>SHA-256 of the ${name}</th>
              <td><code>${sha256(text)}</code></td>
            </tr>`,
        )}
        <tr>
          <th>Audit log, entry ${auditSequence ?? '–'}</th>
          <td><code>${detail.auditHead ?? 'not closed yet'}</code></td>
        </tr>
      </tbody>
    </table>
    <p class="muted">
      Each digest is of the text below, without the line end. The audit log of Evenkeel holds the same digests, and that
      of this file.
    </p>
    ${parts.map(
      ({ name, text }) =>
        html`<details>
          <summary>${name} as JSON</summary>
          <pre>${text}</pre>
        </details>`,
    )}
  </section> `;
}
