import type { Plan, PlanStep } from '#shared/contract/plans';

/** A whole plan around what a test is about. */
export function planOf(over: Partial<Omit<Plan, 'steps'>> & { readonly steps: readonly Partial<PlanStep>[] }): Plan {
  return {
    id: 'plan-1',
    kind: 'test.plan',
    title: 'A plan',
    effect: 'Nothing is at stake.',
    drawnUpAt: 0,
    unitIds: ['u1'],
    changes: [],
    warnings: [],
    onFailure: 'stop',
    confirmName: null,
    basis: {},
    practice: true,
    ...over,
    steps: over.steps.map((step) => ({ ...aStep, ...step })),
  };
}

const aStep: PlanStep = {
  id: 's1',
  kind: 'test.step',
  unitId: 'u1',
  unitName: 'u1',
  title: 'Step',
  sentence: '',
  action: { via: 'local', kind: 'read', text: '' },
  expect: '',
  promise: '',
  risk: 'none',
  riskNote: null,
  estimateSeconds: 1,
  undo: null,
  lane: 'u1',
  input: {},
};
