import {
  type CategorySpec,
  category,
  createEngine,
  type Engine,
  type FlagSpec,
  flag,
  type LinkReport,
  type MultiCategorySpec,
  number,
  type Person,
  type Readable,
  type Row,
  timestamp,
  type Writable,
} from '../../src/index.ts'
import { type Equal, holds } from './equal.ts'

// Checked by tsc, never run: see `npm run types`.

export function schemas(): void {
  const crowd = createEngine({
    schema: {
      vip: flag(),
      tier: category({ values: ['T1', 'T2'] }),
      job: category(),
      likes: category({ many: true }),
      sizes: category({ many: true, values: ['S', 'M'] }),
    },
  })
  type S = typeof crowd extends Engine<infer Inferred> ? Inferred : never
  holds<Equal<S['vip'], FlagSpec>>()
  holds<Equal<S['tier'], CategorySpec<'T1' | 'T2'>>>()
  holds<Equal<S['job'], CategorySpec<string>>>()
  holds<Equal<S['likes'], MultiCategorySpec<string>>>()
  holds<Equal<S['sizes'], MultiCategorySpec<'S' | 'M'>>>()
  holds<Equal<keyof S, 'vip' | 'tier' | 'job' | 'likes' | 'sizes'>>()
  holds<Equal<(typeof crowd)['schema'], S>>()

  holds<Equal<Writable<S['vip']>, boolean | null | undefined>>()
  holds<Equal<Writable<S['tier']>, 'T1' | 'T2' | null | undefined>>()
  holds<Equal<Readable<S['vip']>, true>>()
  holds<Equal<Readable<S['tier']>, 'T1' | 'T2'>>()
  holds<Equal<Readable<S['job']>, string>>()
  holds<Equal<Readable<S['sizes']>, readonly ('S' | 'M')[]>>()
  holds<Equal<ReturnType<typeof crowd.get>, Person<S> | undefined>>()

  const person = crowd.get('u1')
  holds<Equal<NonNullable<typeof person>['tier'], 'T1' | 'T2' | undefined>>()
  holds<Equal<NonNullable<typeof person>['vip'], true | undefined>>()
  // @ts-expect-error: what was read is not to be written
  person!.vip = true
  // @ts-expect-error: no such column
  person?.wip

  // @ts-expect-error: neither flag() nor category()
  createEngine({ schema: { vip: 'flag' } })
  // @ts-expect-error: an option of the schema's
  createEngine({ schema: {}, zone: 'UTC' })
  // @ts-expect-error: values are texts
  category({ values: [1, 2] })
  // @ts-expect-error: many is a boolean
  category({ many: 'yes' })
  createEngine({ schema: {}, limits: { depth: 10 }, timeZone: 'UTC' })
  // @ts-expect-error: no such limit
  createEngine({ schema: {}, limits: { dept: 10 } })
}

export function rows(): void {
  const crowd = createEngine({
    schema: {
      vip: flag(),
      tier: category({ values: ['T1', 'T2'] }),
      job: category(),
      likes: category({ many: true }),
      sizes: category({ many: true, values: ['S', 'M'] }),
    },
  })
  crowd.put('u1', {})
  crowd.put(1, { vip: true, tier: 'T1', job: 'any', likes: ['a'], sizes: ['S'] })
  crowd.put(1n, { vip: null, tier: undefined, likes: null, sizes: { add: ['S'], remove: ['M'] } })
  crowd.put('u1', { likes: { add: ['a'] }, sizes: { remove: [] } })
  crowd.putMany([
    ['u1', { vip: true }],
    [2, { tier: 'T2' }],
  ])
  crowd.putMany(new Map([['u1', { vip: true }]]))

  // @ts-expect-error: no such column
  crowd.put('u1', { wip: true })
  // @ts-expect-error: a flag is true or false
  crowd.put('u1', { vip: 'yes' })
  // @ts-expect-error: a flag is true or false
  crowd.put('u1', { vip: 1 })
  // @ts-expect-error: not one of the values
  crowd.put('u1', { tier: 'T3' })
  // @ts-expect-error: one value, not several
  crowd.put('u1', { tier: ['T1'] })
  // @ts-expect-error: text, not a number
  crowd.put('u1', { job: 5 })
  // @ts-expect-error: several values, not one
  crowd.put('u1', { likes: 'a' })
  // @ts-expect-error: not one of the values
  crowd.put('u1', { sizes: ['L'] })
  // @ts-expect-error: not one of the values
  crowd.put('u1', { sizes: { add: ['L'] } })
  // @ts-expect-error: add and remove, no more
  crowd.put('u1', { likes: { set: ['a'] } })
  // @ts-expect-error: an id is text or an integer
  crowd.put(null, {})
  // @ts-expect-error: an id is text or an integer
  crowd.put({ id: 1 }, {})
  // @ts-expect-error: no such column
  crowd.putMany([['u1', { wip: true }]])
  // @ts-expect-error: not one of the values
  crowd.putMany([['u1', { tier: 'T3' }]])
  // @ts-expect-error: pairs of id and row
  crowd.putMany([{ id: 'u1', vip: true }])

  const row: Row<{ vip: FlagSpec }> = { vip: true }
  // @ts-expect-error: a row is read only
  row.vip = false
}

export function bulk(): void {
  const crowd = createEngine({
    schema: { vip: flag(), tier: category({ values: ['T1', 'T2'] }), likes: category({ many: true }) },
  })
  crowd.tags.vip.replace(['u1', 2, 3n])
  crowd.tags.vip.add(new Set(['u1']))
  crowd.tags.vip.clear(Uint32Array.of(1))
  crowd.tags.vip.add(new Uint8Array(8))
  crowd.tags.vip.add(crowd.select('vip'))
  crowd.tags.tier.replace('T1', ['u1'])
  crowd.tags.tier.clearAll(['u1'])
  crowd.tags.likes.add('anything', ['u1'])
  const report = crowd.tags.vip.replace([])
  holds<Equal<typeof report.people, number>>()
  const values = crowd.tags.tier.values()
  holds<Equal<(typeof values)[number], { readonly value: 'T1' | 'T2'; readonly size: number }>>()

  // @ts-expect-error: no such column
  crowd.tags.wip.replace([])
  // @ts-expect-error: a flag has no values
  crowd.tags.vip.values()
  // @ts-expect-error: a flag takes members alone
  crowd.tags.vip.replace('T1', ['u1'])
  // @ts-expect-error: a flag is cleared by clear
  crowd.tags.vip.clearAll(['u1'])
  // @ts-expect-error: which value?
  crowd.tags.tier.replace(['u1'])
  // @ts-expect-error: not one of the values
  crowd.tags.tier.add('T3', ['u1'])
  // @ts-expect-error: members are people, not one of them
  crowd.tags.vip.add(5)
  // @ts-expect-error: members are ids
  crowd.tags.vip.add([null])
  // @ts-expect-error: the size is read
  crowd.tags.vip.size = 5
  // @ts-expect-error: writers belong to the schema
  crowd.tags.vip = createEngine({ schema: { vip: flag() } }).tags.vip
}

export function columns(): void {
  const crowd = createEngine({ schema: { vip: flag() } })
  const more = crowd.addColumn('tier', category({ values: ['T1', 'T2'] }))
  holds<Equal<keyof (typeof more)['schema'], 'vip' | 'tier'>>()
  more.put('u1', { vip: true, tier: 'T1' })
  more.rules.tag('tier').eq('T2')
  more.tags.tier.add('T1', ['u1'])
  // @ts-expect-error: the engine of before does not know it
  crowd.rules.tag('tier')
  // @ts-expect-error: not one of the values
  more.put('u1', { tier: 'T3' })
  // @ts-expect-error: nor as a rule
  more.rules.tag('tier').eq('T3')

  const less = more.dropColumn('vip')
  holds<Equal<keyof (typeof less)['schema'], 'tier'>>()
  less.put('u1', { tier: 'T1' })
  // @ts-expect-error: it is gone
  less.rules.tag('vip')
  // @ts-expect-error: it is gone
  less.put('u1', { vip: true })
  // @ts-expect-error: it is gone
  less.tags.vip.add(['u1'])
  // @ts-expect-error: there is none of this name
  less.dropColumn('vip')
  // @ts-expect-error: neither flag() nor category()
  more.addColumn('job', 'category')

  const whole = crowd
    .addColumn('a', flag())
    .addColumn('b', category({ many: true }))
    .dropColumn('a')
  whole.rules.tag('b').hasAny(['x'])
}

export function merges(): void {
  const crowd = createEngine({
    schema: {
      tier: category({ values: ['T1', 'T2'], merge: 'first' }),
      n: number({ merge: 'sum' }),
      at: timestamp({ merge: 'min' }),
    },
  })
  type S = typeof crowd extends Engine<infer Inferred> ? Inferred : never
  holds<Equal<S['tier'], CategorySpec<'T1' | 'T2'>>>()
  // @ts-expect-error texts have no size
  category({ merge: 'max' })
  // @ts-expect-error of many values all stay
  category({ many: true, merge: 'first' })
  // @ts-expect-error instants have no sum
  timestamp({ merge: 'sum' })
  // @ts-expect-error a pair has two ids
  crowd.linkMany([['a']])
  holds<Equal<ReturnType<typeof crowd.link>, LinkReport>>()
}
