import { expect, type Locator, type Page } from '@playwright/test';

/** Hands on the keyboard only: what a person without a mouse can reach and press. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Presses Tab until the thing has the focus, as a person would; gives up after a full round. */
  async tabTo(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < 150; presses += 1) {
      if (await isFocused(target)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${target.toString()}`);
  }

  async press(target: Locator): Promise<void> {
    await expect(target).toBeEnabled();
    await this.tabTo(target);
    await this.page.keyboard.press('Enter');
  }

  async type(target: Locator, text: string): Promise<void> {
    await this.tabTo(target);
    await this.page.keyboard.type(text);
  }

  /** Opens the command palette and runs the command found first. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await expect(this.page.getByRole('dialog')).toBeVisible();
    await this.page.keyboard.type(words);
    const found = this.page.getByRole('dialog').getByRole('option').first();
    await expect(found).toContainText(words, { ignoreCase: true });
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('dialog')).toBeHidden();
  }
}

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement));
}
