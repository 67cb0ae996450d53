// A customer who has no mouse: where the focus is, what a screen reader says there, and how it gets on.
import type { CDPSession, Page } from 'playwright/test'
import { expect } from './portal.ts'

/** From Chromium's accessibility tree. */
export type Said = { role: string; name: string; description: string; state: string[] }

const STATES = ['checked', 'invalid', 'required', 'expanded']

export class Keyboard {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<Keyboard> {
    return new Keyboard(page, await page.context().newCDPSession(page))
  }

  /** What has the focus, as a screen reader is told of it. */
  async focused(): Promise<Said> {
    const { result } = await this.session.send('Runtime.evaluate', { expression: 'document.activeElement' })
    const { nodes } = await this.session.send('Accessibility.getPartialAXTree', {
      objectId: result.objectId!,
      fetchRelatives: false,
    })
    const { role, name, description, properties = [] } = nodes[0]!
    const state = properties
      .filter(property => STATES.includes(property.name) && !['false', false].includes(property.value.value))
      .map(property => `${property.name} ${property.value.value}`)
    return {
      role: role?.value ?? '',
      name: name?.value ?? '',
      description: description?.value ?? '',
      state,
    }
  }

  /** Tabs on until the focus is on what is so named, and expects to see it at every stop. Returns all stops. */
  async tabTo(role: string, name: string | RegExp, key = 'Tab'): Promise<Said[]> {
    const stops: Said[] = []
    for (let count = 0; count < 40; count += 1) {
      await this.page.keyboard.press(key)
      const said = await this.focused()
      stops.push(said)
      expect(await this.page.evaluate(focusFlaw), `focus on ${said.role} ${said.name}`).toBeNull()
      if (said.role === role && (typeof name === 'string' ? said.name === name : name.test(said.name)))
        return stops
    }
    throw new Error(`${role} ${name} was not reached: ${stops.map(stop => stop.name).join(' → ')}`)
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }
}

/** Run in the page: why the focus cannot be seen; null where it can. WCAG 2.4.7, 2.4.11 and 2.4.13. */
function focusFlaw(): string | null {
  const element = document.activeElement
  if (!element || element === document.body) return 'nothing has the focus'
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2)
    return `outline ${outlineStyle} ${outlineWidth}`
  const { left, top, width, height } = element.getBoundingClientRect()
  const [x, y] = [left + width / 2, top + height / 2]
  if (x < 0 || y < 0 || x > window.innerWidth || y > window.innerHeight) return 'outside of the window'
  const above = document.elementFromPoint(x, y)
  return above && (element.contains(above) || above.contains(element))
    ? null
    : `under ${above?.outerHTML.slice(0, 80)}`
}
