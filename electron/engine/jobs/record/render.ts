import type { JobDetail } from '#shared/contract/jobs';
import { changeTable, digests, exactTexts } from './appendix';
import { Html, html } from './html';
import { mark } from './marks';
import { proofLine, stepRow } from './step-row';
import { style } from './style';
import { Clock, duration, outcome, standing, verdict } from './words';

export interface RecordContext {
  readonly auditSequence: number | null;
  readonly version: string;
  /** For example `Europe/London`; the zone of this computer when not given. */
  readonly timeZone?: string;
}

/**
 * The change record of a job: one page that needs no script and no network, reads across one step like the job's view,
 * and prints. Equal input gives equal bytes.
 */
export function renderRecord(detail: JobDetail, context: RecordContext): string {
  const { job, plan } = detail;
  const clock = new Clock(context.timeZone);
  const { tone, words } = outcome(job);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Evenkeel ${context.version}" />
        <title>Change record ${job.number}: ${job.title}${job.practice ? ' (practice)' : ''}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${job.practice ? html`<div class="practice" role="note">practice: these units are simulated, nothing real was changed</div>` : null}
        <div class="page">
          <header>
            <div class="kicker">Change record ${job.number}</div>
            <h1>${job.title} <span class="verdict ${tone}">${mark(tone)}${words}</span></h1>
            ${facts(detail, clock)}
            <p>${plan.effect}</p>
            ${warnings(plan.warnings)} ${failure(detail)}
          </header>
          <main>
            ${stepTable(detail, clock)} ${foot(detail, context)} ${changeTable(plan)} ${exactTexts(plan)}
            ${digests(detail, context.auditSequence)}
          </main>
          <div class="signature">
            Written by Evenkeel ${context.version}. Times are in ${zoneName(context.timeZone)}.
          </div>
        </div>
      </body>
    </html> `;
  return page.text;
}

function facts({ job }: JobDetail, clock: Clock): Html {
  const list: readonly (readonly [string, string])[] = [
    ['Started', job.startedAt === null ? 'not yet' : clock.full(job.startedAt)],
    ['Ended', job.endedAt === null ? 'not yet' : clock.full(job.endedAt)],
    ...(job.startedAt !== null && job.endedAt !== null
      ? [['Took', duration(job.endedAt - job.startedAt)] as const]
      : []),
    ['By', job.by],
    ...(job.ticket !== null && job.ticket !== '' ? [['Change', job.ticket] as const] : []),
    ['Reason', job.reason],
    ['Touched', job.unitNames.join(', ')],
  ];
  return html`<dl class="facts">
    ${list.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function warnings(texts: readonly string[]): Html | null {
  if (texts.length === 0) return null;
  const lines = [...new Set(texts)].map((text) => html`<div class="warning">${mark('warn')}${text}</div>`);
  return html`<div class="warnings">${lines}</div>`;
}

function failure(detail: JobDetail): Html | null {
  const { error } = detail.job;
  if (error === null) return null;
  const where = [error.details['unit'], error.details['step']].filter((value) => typeof value === 'string').join(', ');
  const labels = [
    ['Left unchanged', error.details['unchanged']],
    ['Next', error.details['advice']],
    ['Log', error.details['logId']],
  ] as const;
  const rest = labels.flatMap(([label, value]) => (typeof value === 'string' ? [`${label}: ${value}`] : []));
  return html`<div class="failure">
    ${mark('bad')}<span
      ><b>${where === '' ? null : html`${where}: `}${error.message}</b>
      <code>${error.code}</code>
      ${rest.length === 0 ? null : html`<div class="muted">${rest.map((line) => html`<div>${line}</div>`)}</div>`}</span
    >
  </div>`;
}

function stepTable(detail: JobDetail, clock: Clock): Html {
  const { plan, journal, proof, provedAt } = detail;
  const warnings = journal.flatMap((entry) => entry.notes).filter((note) => note.level === 'warning').length;
  const warned = warnings === 0 ? '' : `; ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  const rest = proof.filter((line) => line.stepId === null);
  return html`<table class="steps">
    <colgroup>
      <col class="plan" />
      <col class="journal" />
      <col class="proof" />
    </colgroup>
    <thead>
      <tr>
        <th scope="col">
          Plan<span
            >${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}, drawn up
            ${clock.full(plan.drawnUpAt)}</span
          >
        </th>
        <th scope="col">Journal<span>each step written before and after${warned}</span></th>
        <th scope="col">
          Proof<span
            >${provedAt === null ? 'not read again' : `promised, then read again ${clock.short(provedAt)}`}</span
          >
        </th>
      </tr>
    </thead>
    <tbody>
      ${plan.steps.map((step, index) => stepRow(detail, step, index, clock))}
      ${
        rest.length === 0
          ? null
          : html`<tr>
              <td class="plan">
                <span></span>
                <div class="what muted">The job as a whole</div>
              </td>
              <td></td>
              <td class="proof">${rest.map(proofLine)}</td>
            </tr>`
      }
    </tbody>
  </table>`;
}

function foot(detail: JobDetail, context: RecordContext): Html {
  const { tone } = outcome(detail.job);
  const stands = standing(detail);
  const head = detail.auditHead;
  return html`<div class="foot">
    <div>
      <span class="verdict ${tone}">${mark(tone)}${verdict(detail)}</span>
      ${stands === null ? null : html`<span class="muted">${stands}</span>`}
    </div>
    <div class="muted">
      ${head === null ? 'Not closed in the audit log yet.' : html`Audit entry ${context.auditSequence ?? '–'}, head <code>${head.slice(0, 6)}…${head.slice(-4)}</code>`}
    </div>
  </div>`;
}

function zoneName(timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', timeZone === undefined ? {} : { timeZone }).resolvedOptions().timeZone;
}
