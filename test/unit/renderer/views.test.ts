import { describe, expect, it } from 'vitest';
import type { JobItem, JournalEntry } from '#shared/contract/jobs';
import { fixPlan } from '#test/fixtures/direct-routing-plan';
import { units } from '#test/fixtures/inventory';
import { job412 } from '#test/fixtures/jobs';
import { detail413, rolloutPlan } from '#test/fixtures/updates';
import { job, moment } from '#test/fixtures/two-sites';
import { errorWords, outcomeOf, progressWords } from '../../../renderer/job-words';
import { planHtml } from '../../../renderer/plans/export-plan';
import { compareFingerprint } from '../../../renderer/views/inventory/fingerprint';
import { unitState } from '../../../renderer/views/inventory/unit-words';
import { faultOf } from '../../../renderer/views/settings/fault-words';
import { sortFiles } from '../../../renderer/views/updates/dropped-files';
import { rolloutOf } from '../../../renderer/views/updates/rollout-model';

const file = (name: string): { readonly name: string } => ({ name });

describe('files dropped on the shelf', () => {
  it('puts a checksum beside the archive it names, whatever else is dropped', () => {
    const archive = file('lb_update.8.13.2-1.lb.tar.gz');
    const other = file('lb_update.8.13.1-3.lb.tar.gz');
    const checksum = file('lb_update.8.13.2-1.lb.tar.gz.md5');
    expect(sortFiles([other, checksum, archive])).toEqual({
      archives: [
        { archive: other, checksum: null },
        { archive, checksum },
      ],
      checksums: [],
    });
  });

  it('takes the only checksum for the only archive, and keeps one that came alone', () => {
    const archive = file('lb_update.8.13.2-1.lb.tar.gz');
    expect(sortFiles([archive, file('checksum.txt')]).archives).toEqual([{ archive, checksum: file('checksum.txt') }]);
    expect(sortFiles([file('a.sha256')])).toEqual({ archives: [], checksums: [file('a.sha256')] });
  });
});

describe('fingerprints', () => {
  const key = 'tQ3v9mXeZk0L7hYbR2cNw8Ud5fPaJsVi1GoT6rMzE4x';

  it('reads what ssh-keygen and openssl print', () => {
    expect(compareFingerprint(key, `256 SHA256:${key} root@x (ED25519)`)).toEqual({
      verdict: 'alike',
      alike: 43,
      of: 43,
    });
    const hex = '7e19c4'.padEnd(64, '0');
    const printed = `sha256 Fingerprint=${(hex.toUpperCase().match(/../g) ?? []).join(':')}`;
    expect(compareFingerprint(hex, printed).verdict).toBe('alike');
  });

  it('never calls a shorter, longer or other text alike', () => {
    for (const other of [key.slice(0, 42), `${key}a`, `${key.slice(0, 42)}y`]) {
      expect(compareFingerprint(key, other).verdict).toBe('differs');
    }
    expect(compareFingerprint(key, ' ').verdict).toBe('none');
  });
});

describe('the rollout timeline', () => {
  const entry = (stepId: string): JournalEntry | null => {
    const item: JobItem | undefined = detail413.get(`entry:${stepId}`);
    return item?.item === 'entry' ? item.entry : null;
  };

  it('updates the passive unit first, crosses once, and estimates from the first unit', () => {
    const { lanes, sections, doneAt } = rolloutOf(rolloutPlan, job, entry, moment);
    expect(lanes.map((lane) => lane.unitName)).toEqual(['lb-annex-2', 'lb-annex-1']);
    expect(sections.map((section) => section.kind)).toEqual(['phases', 'failover', 'phases']);
    const [before, , after] = sections;
    if (before?.kind !== 'phases' || after?.kind !== 'phases') throw new Error('no phases');
    expect([before.carrier, after.carrier]).toEqual([1, 0]);
    const install = after.rows.find((row) => row.kind === 'phase' && row.step.title === 'Install');
    expect(install?.length).toBe(588_000);
    expect(doneAt).toBe(Date.UTC(2026, 10, 22, 2, 59, 14));
  });

  it('crosses first where only the active unit needs the update', () => {
    const plan = { ...rolloutPlan, steps: rolloutPlan.steps.slice(8) };
    const { lanes, sections } = rolloutOf(plan, job, () => null, moment);
    expect(lanes.map((lane) => lane.unitName)).toEqual(['lb-annex-2', 'lb-annex-1']);
    expect(sections.map((section) => section.kind)).toEqual(['failover', 'phases']);
  });
});

describe('words', () => {
  it('calls a job done and proved only when every promise was read again', () => {
    expect(outcomeOf(job412).word).toBe('done and proved');
    expect(outcomeOf({ ...job412, verdict: 'not-proved' })).toEqual({ mark: 'unknown', word: 'done, not proved' });
  });

  it('writes the unit of a progress once', () => {
    const at = { unit: 'bytes', rate: null, remainingSeconds: null } as const;
    expect(progressWords({ ...at, done: 3.52 * 1024 ** 3, total: 5.67 * 1024 ** 3 })).toBe('3.52 of 5.67 GiB');
    expect(progressWords({ ...at, done: 512, total: 1024 ** 2 })).toBe('512 B of 1.00 MiB');
  });

  it('puts what to do after what happened', () => {
    expect(errorWords({ message: 'The link was cut.', details: { advice: 'Resume.' } })).toBe(
      'The link was cut. Resume.',
    );
  });

  it('never calls a unit healthy that was not read, or is read no longer', () => {
    const [first] = units;
    if (first === undefined) throw new Error('no unit');
    expect(unitState(first, false).state).toBe('healthy');
    expect(unitState(first, true).state).toBe('unknown');
    expect(unitState({ ...first, readAt: null }, false).state).toBe('unknown');
  });

  it('takes a fault only when its number fits', () => {
    expect(faultOf('delay', '', '', '')).toBeNull();
    expect(faultOf('delay', '2500', '', '')).toEqual({ kind: 'delay', milliseconds: 2_500 });
    expect(faultOf('cut', '-1', '', '')).toBeNull();
    expect(faultOf('refuse', '', '', '')).toEqual({ kind: 'refuse' });
  });

  it('exports a plan whose texts cannot become markup', () => {
    const html = planHtml({ ...fixPlan, title: '<img src=x onerror=alert(1)>', effect: '"&<script>' });
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<script>');
  });
});
