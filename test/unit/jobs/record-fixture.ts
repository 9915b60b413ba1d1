import type { JobDetail, JournalNote } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';

const second = 1_000;
/** 22 Nov 2026 02:04:20 GMT */
export const start = Date.UTC(2026, 10, 22, 2, 4, 20);

interface Row {
  readonly title: string;
  readonly unit: string;
  readonly risk: PlanStep['risk'];
  readonly sentence: string;
  readonly text: string;
  readonly begin: number;
  readonly took: number;
  readonly notes: readonly (string | { readonly code: string } | { readonly warning: string })[];
  readonly promise: string;
  readonly seen: string;
}

const rows: readonly Row[] = [
  {
    title: 'Guard',
    unit: 'lb-main-1',
    risk: 'none',
    sentence: 'A proved server stays on each service',
    text: 'lbcli --action list',
    begin: 2,
    took: 1.2,
    notes: [
      'ICA_WEB1 and ICA_DICOM1 proved and in service',
      { warning: 'ICA-APP02 lacks the fix too, does not count: acknowledged 02:04:26' },
    ],
    promise: 'ICA-APP01 in service throughout',
    seen: '21 of 21 readings',
  },
  {
    title: 'Drain',
    unit: 'lb-main-1',
    risk: 'low',
    sentence: 'ICA_WEB3 and ICA_DICOM3',
    text: 'lbcli --action drain --vip ICA_WEB --rip ICA_WEB3\nlbcli --action drain --vip ICA_DICOM --rip ICA_DICOM3',
    begin: 7,
    took: 124,
    notes: [
      { code: 'lbcli --action drain --vip ICA_WEB --rip ICA_WEB3' },
      '02:04:31 weight 0 on both; 33 half-open entries expired by 02:06:31',
    ],
    promise: 'Weight 0, no active connection',
    seen: '0, 0',
  },
  {
    title: 'Install',
    unit: 'ICA-APP03',
    risk: 'some',
    sentence: 'Loopback adapter, in-box netloop.inf',
    text: "$adapter = Get-NetAdapter -Name 'loopback' -ErrorAction SilentlyContinue\nif ($null -eq $adapter) { throw 'no adapter <loopback> & none made' }",
    begin: 134,
    took: 48,
    notes: [
      'SetupAPI, *MSLOOP, gave ROOT\\NET\\0001, ifIndex 19',
      { warning: '02:06:57 link lost, back after 2.1 s (one reconnect allowed).' },
    ],
    promise: 'One adapter, driver ok, up',
    seen: 'loopback, ifIndex 19',
  },
  {
    title: 'Online',
    unit: 'lb-main-1',
    risk: 'low',
    sentence: 'ICA_WEB3 and ICA_DICOM3',
    text: 'lbcli --action online --vip ICA_WEB --rip ICA_WEB3',
    begin: 203,
    took: 9.6,
    notes: [
      { code: 'lbcli --action online --vip ICA_WEB --rip ICA_WEB3' },
      'Weight 100 on both. First sessions: 443 in 9 ms, C-ECHO in 12 ms.',
    ],
    promise: 'Weight 100, sessions complete',
    seen: '19 of 19 in 10 s',
  },
];

/** A job as in the product’s picture of one, shortened. */
export function job412(change: Partial<JobDetail['job']> = {}): JobDetail {
  return {
    job: {
      id: 'job-412',
      number: 412,
      kind: 'directRouting.fix',
      title: 'Direct Routing fix on ICA-APP03',
      state: 'succeeded',
      by: 'jokafor',
      reason: 'ICA-APP03 answers ARP for the floating IP',
      ticket: 'CHG-20418',
      practice: false,
      unitIds: ['w3', 'lb1'],
      unitNames: ['ICA-APP03', 'lb-main-1'],
      createdAt: start,
      startedAt: start + 2 * second,
      endedAt: start + 213 * second,
      stepsDone: 4,
      stepsTotal: 4,
      currentStep: null,
      progress: null,
      verdict: 'proved',
      error: null,
      choices: [],
      ...change,
    },
    plan: {
      id: 'plan-412',
      kind: 'directRouting.fix',
      title: 'Direct Routing fix on ICA-APP03',
      effect: 'ICA_WEB3 and ICA_DICOM3 receive nothing for about four minutes. ICA-APP01 carries both services.',
      drawnUpAt: start - 470 * second,
      unitIds: ['w3', 'lb1'],
      steps: rows.map(toStep),
      changes: [
        {
          unitName: 'ICA-APP03',
          item: 'adapter “net”',
          before: 'up, ifIndex 12',
          after: 'up, ifIndex 12',
          changed: false,
        },
        {
          unitName: 'ICA-APP03',
          item: 'loopback adapter',
          before: 'none',
          after: 'loopback, ifIndex 19',
          changed: true,
        },
        {
          unitName: 'ICA-APP03',
          item: 'weak host receive on “net”',
          before: 'Disabled',
          after: 'Enabled',
          changed: true,
        },
      ],
      warnings: ['ICA-APP02 lacks the fix too and does not count as a server that stays.'],
      onFailure: 'undo',
      confirmName: null,
      basis: {},
      practice: change.practice ?? false,
    },
    journal: rows.map((row, index) => ({
      stepId: `s${index}`,
      state: 'done',
      startedAt: start + row.begin * second,
      endedAt: start + (row.begin + row.took) * second,
      progress: null,
      notes: row.notes.map((note) => toNote(note, start + row.begin * second)),
      error: null,
    })),
    proof: rows.map((row, index) => ({
      stepId: `s${index}`,
      text: row.promise,
      held: true,
      seen: row.seen,
      at: start + 212 * second,
    })),
    provedAt: start + 212 * second,
    recordSha256: null,
    auditHead: '5d0e83a17f2b44c05d0e83a17f2b44c05d0e83a17f2b44c05d0e83a17f2b44c1',
  };
}

function toStep(row: Row, index: number): PlanStep {
  return {
    id: `s${index}`,
    kind: 'x.y',
    unitId: row.unit === 'ICA-APP03' ? 'w3' : 'lb1',
    unitName: row.unit,
    title: row.title,
    sentence: row.sentence,
    action: {
      via: row.unit === 'ICA-APP03' ? 'winrm' : 'ssh',
      kind: row.risk === 'none' ? 'read' : 'command',
      text: row.text,
    },
    expect: 'As said.',
    promise: row.promise,
    risk: row.risk,
    riskNote: row.risk === 'some' ? 'LAN' : null,
    estimateSeconds: row.took,
    undo: null,
    lane: 'ICA-APP03',
    input: {},
  };
}

function toNote(note: Row['notes'][number], at: number): JournalNote {
  if (typeof note === 'string') return { at, level: 'info', text: note, code: false };
  if ('code' in note) return { at, level: 'info', text: note.code, code: true };
  return { at, level: 'warning', text: note.warning, code: false };
}
