import { expect, type Locator, type Page } from '@playwright/test';
import { Keyboard } from './keyboard';

/** The window as a person sees it; the same over every host. */
export class Evenkeel {
  readonly keyboard: Keyboard;

  constructor(readonly page: Page) {
    this.keyboard = new Keyboard(page);
  }

  /** From the first start, with the key it names. */
  async openPracticeSite(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'No appliance is known to this computer' })).toBeVisible();
    await this.page.keyboard.press('1');
    await expect(this.page.getByRole('note', { name: 'Practice' })).toBeVisible({ timeout: 60_000 });
    await expect(this.count(3, 'Windows servers need the Direct Routing fix')).toBeVisible({ timeout: 60_000 });
  }

  /** One count of the strip, by what it says: a filter of the view. */
  count(number: number, word: string): Locator {
    return this.page.getByRole('button', { name: `${number} ${word}` });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Fills in the reason where a plan asks for it, with the name it wants typed, and starts the job. */
  async start(verb: RegExp, confirmName: string | null): Promise<void> {
    const form = this.page.getByRole('form', { name: verb });
    await this.keyboard.type(form.getByRole('textbox', { name: 'Reason' }), 'Rehearsal with the keyboard');
    if (confirmName !== null) {
      await this.keyboard.type(form.getByRole('textbox', { name: `Type ${confirmName}` }), confirmName);
    }
    await this.keyboard.press(form.getByRole('button', { name: verb }));
  }
}
