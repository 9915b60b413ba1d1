import type { Component } from 'svelte';
import type { ViewName } from '../router.svelte';

export type ViewComponent = Component<{ selection?: string }>;

const loaders: Record<ViewName, () => Promise<{ readonly default: ViewComponent }>> = {
  overview: () => import('../views/overview/overview-view.svelte'),
  inventory: () => import('../views/inventory/inventory-view.svelte'),
  'direct-routing': () => import('../views/direct-routing/direct-routing-view.svelte'),
  updates: () => import('../views/updates/updates-view.svelte'),
  jobs: () => import('../views/jobs/jobs-view.svelte'),
  records: () => import('../views/records/records-view.svelte'),
  settings: () => import('../views/settings/settings-view.svelte'),
};

/** Loads a view when it is first gone to. */
export async function loadView(view: ViewName): Promise<ViewComponent> {
  return (await loaders[view]()).default;
}
