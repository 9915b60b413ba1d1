/** What travels between the stand-in's main process and a forked utility process. */
export type ToChild =
  | { readonly t: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown }
  | { readonly t: 'port-closed'; readonly id: number };

export type FromChild =
  | { readonly t: 'message'; readonly data: unknown }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown }
  | { readonly t: 'port-closed'; readonly id: number };
