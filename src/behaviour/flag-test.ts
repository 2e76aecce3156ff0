import type { EventDay } from '../events/event-day.ts'
import type { RowTest } from './row-test.ts'
import type { RowTestSpec } from './row-test-spec.ts'

/** Events whose flag is raised. */
export class FlagTest implements RowTest {
  readonly #property: string

  constructor(property: string) {
    this.#property = property
  }

  get spec(): RowTestSpec {
    return { kind: 'flag', property: this.#property }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const cells = day.properties.get(this.#property)
    if (cells?.kind !== 'flag') {
      out.fill(0, 0, hi - lo)
      return
    }
    const { bits } = cells
    for (let i = lo; i < hi; i++) out[i - lo] = bits[i]!
  }
}
