import type { AudienceRegistry } from '../../src/audiences/audience-registry.ts'
import {
  type Audiences,
  type CategorySpec,
  category,
  createEngine,
  type Engine,
  type FlagSpec,
  flag,
  type Millis,
} from '../../src/index.ts'

/** A small shop: 300 people, ids u0 to u299, and a clock that tests move. */
export interface Shop {
  readonly crowd: Engine<{ readonly vip: FlagSpec; readonly old: FlagSpec; readonly tier: CategorySpec }>
  /** The instant that the engine's clock says. */
  now: Millis
}

export function openShop(): Shop {
  const shop: { crowd: Shop['crowd']; now: Millis } = {
    now: 1_000 as Millis,
    crowd: createEngine({
      schema: { vip: flag(), old: flag(), tier: category() },
      clock: { now: () => shop.now },
    }),
  }
  shop.crowd.putMany(
    // 150 are vip, 100 old, 50 both; T1, T2 and T3 have 100 each.
    Array.from({ length: 300 }, (_, i) => [`u${i}`, { vip: i % 2 === 0, old: i % 3 === 0, tier: `T${(i % 3) + 1}` }]),
  )
  return shop
}

/** A number that changes whenever a name, a rule or a version does: the same after a call that was refused. */
export function revisionOf(audiences: Audiences): number {
  return (audiences as AudienceRegistry).revision
}
