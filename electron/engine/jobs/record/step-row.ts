import type { JobDetail, JournalEntry, JournalNote, ProofLine } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';
import { html, type Html } from './html';
import { heldMark, mark } from './marks';
import { duration, type Clock } from './words';

/** One step as a row: what was planned, what was done, what was read again. */
export function stepRow(detail: JobDetail, step: PlanStep, index: number, clock: Clock): Html {
  const entry = detail.journal.find((item) => item.stepId === step.id);
  const proof = detail.proof.filter((line) => line.stepId === step.id);
  return html`<tr id="step-${index + 1}">
    <td class="plan">${planCell(step, index)}</td>
    <td class="journal">${entry === undefined ? null : journalCell(entry, clock)}</td>
    <td class="proof">${proof.length === 0 ? unproved(step, detail) : proof.map(proofLine)}</td>
  </tr> `;
}

function planCell(step: PlanStep, index: number): Html {
  const short = step.riskNote !== null && step.riskNote.length <= shortNote;
  const strong = step.risk === 'some' || step.risk === 'high' ? 'strong' : 'muted';
  return html`<div class="cell">
    <span class="number">${index + 1}</span>
    <div class="what">
      <b>${step.title}</b>
      <div class="muted">
        ${step.sentence} <a class="exact" href="#exact-${index + 1}">exact ${step.action.kind}</a>
      </div>
      ${step.riskNote === null || short ? null : html`<div class="${strong}">${step.riskNote}</div>`}
    </div>
    <div class="where">
      <div>${step.unitName}</div>
      <div class="${strong}">${riskWords[step.risk]}${short ? `: ${step.riskNote ?? ''}` : null}</div>
    </div>
  </div>`;
}

/** A longer note stands under the sentence, where it has room. */
const shortNote = 16;
const riskWords = { none: 'no risk', low: 'low risk', some: 'some risk', high: 'high risk' } as const;

function journalCell(entry: JournalEntry, clock: Clock): Html {
  const took =
    entry.startedAt !== null && entry.endedAt !== null
      ? duration(entry.endedAt - entry.startedAt)
      : stateWords[entry.state];
  return html`<div class="cell">
    <div class="times">
      ${entry.startedAt === null ? html`<span class="muted">–</span>` : clock.short(entry.startedAt)}
      <div class="muted">${took}</div>
    </div>
    <div class="notes">
      ${entry.state === 'done' ? null : html`<div class="strong">${stateWords[entry.state]}</div>`}
      ${entry.notes.map((note) => noteLine(note, clock))} ${entry.error === null ? null : errorLine(entry)}
    </div>
  </div>`;
}

const stateWords = {
  pending: 'not run',
  running: 'under way',
  done: 'done',
  skipped: 'not needed',
  failed: 'failed',
  cancelled: 'cancelled',
  undoing: 'undo not finished',
  undone: 'done, then taken back',
} as const;

function noteLine(note: JournalNote, clock: Clock): Html {
  const sign = note.level === 'info' ? null : mark(note.level === 'warning' ? 'warn' : 'bad');
  const text = note.code ? html`<code>${note.text}</code>` : note.text;
  return html`<div class="note" title="${clock.full(note.at)}">${sign}${text}</div> `;
}

function errorLine({ error }: JournalEntry): Html | null {
  if (error === null) return null;
  const extra = ['unchanged', 'advice', 'logId'].flatMap((name) => {
    const value = error.details[name];
    return typeof value === 'string' ? [`${labels[name] ?? name}: ${value}`] : [];
  });
  return html`<div class="note">${mark('bad')}${error.message} <code>${error.code}</code></div>
    ${extra.map((line) => html`<div class="note muted">${line}</div>`)}`;
}

const labels: Readonly<Record<string, string>> = { unchanged: 'Left unchanged', advice: 'Next', logId: 'Log' };

export function proofLine(line: ProofLine): Html {
  const word = line.held === null ? 'could not be read' : line.held ? 'holds' : 'does not hold';
  return html`<div class="line">
    ${heldMark(line.held)}
    <div>
      ${line.text}
      <div class="muted">
        <span class="${line.held === true ? 'quiet-word' : 'strong'}">${word}</span>, seen: ${line.seen}
      </div>
    </div>
  </div>`;
}

function unproved(step: PlanStep, detail: JobDetail): Html {
  const entry = detail.journal.find((item) => item.stepId === step.id);
  if (entry?.state === 'pending') return html`<div class="muted">not run</div>`;
  if (detail.provedAt !== null) return html`<div class="muted">not read again</div>`;
  return html`<div class="muted">promised: ${step.promise}</div>`;
}
