import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { address, parseAddress } from '../../../renderer/router.svelte';

describe('addresses', () => {
  it('opens the overview where nothing is named or the name is not known', () => {
    expect(parseAddress('').view).toBe('overview');
    expect(parseAddress('#/nowhere').view).toBe('overview');
  });

  it('shows a server of the overview under its own address', () => {
    expect(parseAddress('#/servers/server%3AICA_WEB2?show=table')).toEqual({
      view: 'overview',
      selection: 'server:ICA_WEB2',
      query: { show: 'table' },
    });
  });

  it('survives a stray per cent sign', () => {
    expect(parseAddress('#/jobs/100%').selection).toBe('100%');
  });

  it('gives back every id it was built from', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        expect(parseAddress(address('jobs', id)).selection).toBe(id);
      }),
    );
  });
});
