import type { Settings } from '#shared/contract/system';
import type { Connection } from './connection.svelte';

const storageKey = 'evenkeel-appearance';
type Appearance = Pick<Settings, 'theme' | 'motion'>;

/** Theme and motion: this system's wish, unless a setting says otherwise. Kept here too, so the first picture fits. */
export class AppearanceState {
  settings = $state.raw<Settings | null>(null);
  private appearance = $state.raw<Appearance>({ theme: 'system', motion: 'system' });
  private systemDark = $state(false);
  private systemReduced = $state(false);

  readonly dark = $derived(this.appearance.theme === 'dark' || (this.appearance.theme === 'system' && this.systemDark));
  readonly reduced = $derived(this.appearance.motion === 'reduced' || this.systemReduced);

  constructor(
    private readonly connection: Connection,
    private readonly window: Window,
  ) {
    this.appearance = this.stored();
    this.follow('(prefers-color-scheme: dark)', (matches) => (this.systemDark = matches));
    this.follow('(prefers-reduced-motion: reduce)', (matches) => (this.systemReduced = matches));
  }

  /** Reads the settings; throws what the call throws. */
  async load(): Promise<Settings> {
    return this.take(await this.connection.call('system.settings', {}));
  }

  /** Changes what is named; throws what the call throws. */
  async save(change: Partial<Settings>): Promise<Settings> {
    return this.take(await this.connection.call('system.saveSettings', change));
  }

  private take(settings: Settings): Settings {
    this.settings = settings;
    this.appearance = { theme: settings.theme, motion: settings.motion };
    this.window.localStorage.setItem(storageKey, `${settings.theme} ${settings.motion}`);
    return settings;
  }

  private stored(): Appearance {
    const [theme, motion] = (this.window.localStorage.getItem(storageKey) ?? '').split(' ');
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      motion: motion === 'reduced' ? 'reduced' : 'system',
    };
  }

  private follow(query: string, tell: (matches: boolean) => void): void {
    const media = this.window.matchMedia(query);
    tell(media.matches);
    media.addEventListener('change', (event) => tell(event.matches));
  }
}
