import fc from 'fast-check'
import {
  type CategorySpec,
  type Clock,
  category,
  type Engine,
  type FlagSpec,
  flag,
  type MultiCategorySpec,
  type NumberSpec,
  number,
  type TimestampSpec,
  timestamp,
} from '../../src/index.ts'

/** A write. */
export type Change =
  | { readonly kind: 'put'; readonly person: number; readonly on: boolean }
  | { readonly kind: 'spend'; readonly person: number; readonly value: number }
  | { readonly kind: 'tier'; readonly person: number; readonly value: string | null }
  | { readonly kind: 'replace'; readonly from: number; readonly count: number; readonly step: number }
  | { readonly kind: 'remove'; readonly person: number }
  | { readonly kind: 'new'; readonly count: number }

/** Columns of each kind. */
export const schema: {
  readonly all: FlagSpec
  readonly half: FlagSpec
  readonly few: FlagSpec
  readonly runs: FlagSpec
  readonly nobody: FlagSpec
  readonly tier: CategorySpec
  readonly likes: MultiCategorySpec
  readonly spend: NumberSpec
  readonly joined: TimestampSpec
} = {
  all: flag(),
  half: flag(),
  few: flag(),
  runs: flag(),
  nobody: flag(),
  tier: category(),
  likes: category({ many: true }),
  spend: number({ scale: 1 }),
  joined: timestamp(),
}
export const clock: Clock = { now: () => Date.UTC(2026, 10, 20, 12) as never }
/** Four containers of them. */
export const people = 200_000

export function fill(engine: Engine<typeof schema>): void {
  const { tags } = engine
  const every = (step: number, from = 0, to = people): Uint32Array =>
    Uint32Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
  tags.all.add(Array.from({ length: people }, (_, i) => i))
  tags.half.add(every(2))
  tags.few.add(Uint32Array.from([3, 70_000, 70_001, 140_002, 199_999]))
  tags.runs.add(every(1, 1_000, 90_000))
  for (const [i, value] of ['a', 'b', 'c', 'T1'].entries()) tags.tier.add(value, every(7, i, 150_000))
  for (const [i, value] of ['a', 'b', 'T1', 'rare'].entries()) {
    tags.likes.add(value, every([3, 5, 700, 40_000][i]!, i))
  }
  const some = every(3)
  tags.spend.set(
    some,
    Array.from(some, (n) => ((n * 7919) % 20_001) - 1_000),
  )
  const others = every(5, 65_536)
  tags.joined.set(
    others,
    Array.from(others, (n) => Date.UTC(2026, 9, 1) + (n % 60) * 86_400_000),
  )
}

/** What may be written. */
export const changeArb: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), person: fc.nat(people - 1), on: fc.boolean() }),
  fc.record({
    kind: fc.constant('spend' as const),
    person: fc.nat(people - 1),
    value: fc.integer({ min: -9_999, max: 99_999 }),
  }),
  fc.record({
    kind: fc.constant('tier' as const),
    person: fc.nat(people - 1),
    value: fc.constantFrom('a', 'b', 'z', null),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    from: fc.nat(people - 1),
    count: fc.nat(3_000),
    step: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), person: fc.nat(people - 1) }),
  fc.record({ kind: fc.constant('new' as const), count: fc.integer({ min: 1, max: 2_000 }) }),
)

/** Writes; `next` is the first number that nobody has. */
export function apply(engine: Engine<typeof schema>, change: Change, next: number): void {
  switch (change.kind) {
    case 'put':
      engine.put(change.person, { half: change.on, few: change.on, runs: !change.on })
      break
    case 'spend':
      engine.put(change.person, { spend: change.value })
      break
    case 'tier':
      engine.put(change.person, { tier: change.value, likes: change.value === null ? [] : [change.value, 'rare'] })
      break
    case 'replace': {
      const to = Math.min(people, change.from + change.count * change.step)
      const ids = Array.from(
        { length: Math.ceil((to - change.from) / change.step) },
        (_, i) => change.from + i * change.step,
      )
      engine.tags.few.replace(ids)
      break
    }
    case 'remove':
      engine.remove(change.person)
      break
    case 'new':
      engine.tags.half.add(Array.from({ length: change.count }, (_, i) => next + i))
  }
}
