import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#shared/errors';
import { EvenkeelError } from '#shared/errors';
import { plan as planSchema, type Plan } from '#shared/contract/plans';
import type { RolloutUnit } from '#shared/domain/updates/rollout-order';
import { planRollout, type RolloutInput, type ShelvedArchive } from '#shared/domain/updates/rollout-plan';

const archive: ShelvedArchive = {
  id: 'a-1',
  fileName: 'lb_update.8.13.2-1.lb.tar.gz',
  bytes: 6_000_000_000,
  sha256: '4f9c21d8'.repeat(8),
  checksum: { algorithm: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' },
  verdict: 'verified',
  verdictText: 'MD5 as in the vendor’s file.',
  fault: null,
  practice: false,
};

const unit = (name: string, more: Partial<RolloutUnit> = {}): RolloutUnit => ({
  id: name,
  name,
  role: 'primary',
  haState: 'active',
  version: '8.13.1',
  peerAlive: true,
  practice: false,
  stageable: true,
  services: ['ICA_WEB'],
  realServers: 3,
  floatingAddresses: ['192.168.100.100', '2001:db8::100'],
  configuration: ['service ICA_WEB'],
  state: ['ICA_WEB/A online'],
  form: { action: '/lbadmin/config/update.php', archiveField: 'f1', checksumField: 'f2', otherFields: ['go=Install'] },
  ...more,
});

const one = unit('lb-1');
const two = unit('lb-2', { role: 'secondary', haState: 'passive' });

const input = (units: readonly RolloutUnit[], more: Partial<RolloutInput> = {}): RolloutInput => ({
  planId: 'p-1',
  now: 1_800_000_000_000,
  archive,
  pairId: 'pair',
  pairName: 'lb-main',
  units,
  backupFolder: '/data/backups',
  commands: {
    digest: (path, algorithm) => `${algorithm}sum ${path}`,
    freeSpace: (path) => `df ${path}`,
    read: 'one reading',
    failover: 'hb_standby all',
    arping: (address) => `arping ${address}`,
    backup: 'POST backup.php',
    restart: 'POST restart.php',
  },
  ...more,
});

const stepsOf = (plan: Plan): string[] => plan.steps.map((step) => `${step.unitName} ${step.title}`);
const codeOf = (work: () => unknown): ErrorCode | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof EvenkeelError) return error.code;
    throw error;
  }
};

describe('the plan of a rollout', () => {
  it('updates the passive unit, fails over once, then updates the unit that was active', () => {
    const plan = planRollout(input([one, two]));
    const phases = ['Readiness', 'Backup', 'Upload', 'Digest', 'Install', 'Prompts', 'Health', 'Compare'];
    expect(stepsOf(plan)).toEqual([
      ...phases.map((phase) => `lb-2 ${phase}`),
      'lb-1 Failover to lb-2',
      ...phases.map((phase) => `lb-1 ${phase}`),
    ]);
    expect(new Set(plan.steps.map((step) => step.lane))).toEqual(new Set(['lb-2', 'failover', 'lb-1']));
    expect(plan.onFailure).toBe('stop');
    expect(plan.confirmName).toBe('lb-main');
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it('goes by what the units do now, not by what they are configured as', () => {
    const plan = planRollout(
      input([
        { ...one, haState: 'passive' },
        { ...two, haState: 'active' },
      ]),
    );
    expect(stepsOf(plan)[0]).toBe('lb-1 Readiness');
    expect(stepsOf(plan)[8]).toBe('lb-2 Failover to lb-1');
  });

  it('shows the exact request, with the fields of the live form and without the unit’s password', () => {
    const install = planRollout(input([one, two])).steps.find((step) => step.title === 'Install');
    expect(install?.action.text).toContain('POST /lbadmin/config/update.php');
    expect(install?.action.text).toContain('f1=@lb_update.8.13.2-1.lb.tar.gz');
    expect(install?.action.text).toContain('f2=@lb_update.8.13.2-1.lb.tar.gz.md5');
    expect(install?.undo).toBeNull();
  });

  it('asks who answers for IPv4 addresses only', () => {
    const failover = planRollout(input([one, two])).steps.find((step) => step.kind === 'updates.failover');
    expect(failover?.action.text.split('\n')).toEqual(['hb_standby all', 'arping 192.168.100.100']);
  });

  it('fails over first when the passive unit has the version already, and says so', () => {
    const plan = planRollout(input([one, { ...two, version: '8.13.2' }]));
    expect(stepsOf(plan)[0]).toBe('lb-1 Failover to lb-2');
    expect(plan.warnings.join(' ')).toContain('lb-2 has 8.13.2 already');
    expect(plan.warnings.join(' ')).toContain('The units differ now');
  });

  it('needs no failover when only the passive unit is behind', () => {
    const plan = planRollout(input([{ ...one, version: '8.13.2' }, two]));
    expect(plan.steps.some((step) => step.kind === 'updates.failover')).toBe(false);
    expect(plan.changes.filter((change) => change.changed)).toHaveLength(1);
  });

  it('updates a single unit with a warning that its services are interrupted', () => {
    const plan = planRollout(input([{ ...one, role: 'single', haState: null }]));
    expect(plan.steps.some((step) => step.kind === 'updates.failover')).toBe(false);
    expect(plan.warnings[0]).toContain('may be interrupted');
    expect(plan.steps.find((step) => step.title === 'Install')?.risk).toBe('high');
  });

  it('leaves out Upload and Digest on a unit without SSH, and says what is lost by it', () => {
    const plan = planRollout(input([one, { ...two, stageable: false }]));
    expect(
      stepsOf(plan)
        .filter((step) => step.startsWith('lb-2'))
        .join(),
    ).not.toContain('Upload');
    expect(plan.warnings.join(' ')).toContain('lb-2 has no SSH');
  });

  it.each<[string, ErrorCode, () => RolloutInput]>([
    [
      'an archive without checksum',
      'checksum_missing',
      () => input([one, two], { archive: { ...archive, checksum: null, verdict: 'no-checksum' } }),
    ],
    [
      'a checksum that differs',
      'checksum_mismatch',
      () => input([one, two], { archive: { ...archive, verdict: 'damaged', fault: 'checksum_mismatch' } }),
    ],
    [
      'a damaged archive',
      'archive_damaged',
      () => input([one, two], { archive: { ...archive, verdict: 'damaged', fault: 'archive_damaged' } }),
    ],
    ['an older archive', 'archive_downgrade', () => input([one, { ...two, version: '8.13.3' }])],
    [
      'units that have it already',
      'archive_downgrade',
      () =>
        input([
          { ...one, version: '8.13.2' },
          { ...two, version: '8.13.2' },
        ]),
    ],
    ['an unsupported unit', 'unit_unsupported', () => input([one, { ...two, version: '8.8.2' }])],
    ['a unit of unknown version', 'stale_reading', () => input([one, { ...two, version: null }])],
    ['a unit of unknown state', 'stale_reading', () => input([one, { ...two, haState: null }])],
    ['two active units', 'pair_not_ready', () => input([one, { ...two, haState: 'active' }])],
    ['a pair of which one unit is not in the inventory', 'pair_not_ready', () => input([one])],
    [
      'an archive of the practice site for real units',
      'practice_mixed',
      () => input([one, two], { archive: { ...archive, practice: true } }),
    ],
  ])('refuses %s: %s', (_what, code, make) => expect(codeOf(() => planRollout(make()))).toBe(code));
});
