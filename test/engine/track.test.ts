import { describe, expect, it } from 'vitest'
import {
  CrowdbitError,
  category,
  createEngine,
  type Engine,
  event,
  flag,
  type Millis,
  number,
  type SchemaSpec,
} from '../../src/index.ts'

const schema = {
  vip: flag(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web'] }),
    amount: number({ scale: 2, min: -1000, max: 100_000 }),
    gift: flag(),
  }),
  browse: event({ category: category() }, { retentionDays: 30 }),
}

const present = Date.UTC(2026, 10, 21, 4) as Millis
const hour = 3_600_000

function shop(clock = { now: () => present }): Engine<typeof schema> {
  return createEngine({ schema, timeZone: 'Asia/Shanghai', clock })
}

function faultOf(action: () => unknown): CrowdbitError {
  try {
    action()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('track', () => {
  it('keeps an event as it was given: time to the millisecond, exact decimals, texts in NFC', () => {
    const crowd = shop()
    const at = '2026-11-20T09:00:00.123+08:00'
    const values = { at, product: 'cafe\u0301', channel: 'app', amount: '129.90', gift: true, eventId: 7 } as const
    expect(crowd.track('u1', 'purchase', values)).toEqual({
      events: 1,
      duplicates: 0,
      expired: 0,
      people: 1,
      created: 1,
    })
    expect(crowd.events('u1', 'purchase')).toEqual([
      { at: new Date(at), product: 'café', channel: 'app', amount: 129.9, gift: true, eventId: 7 },
    ])
  })

  it('leaves out what is absent, null, undefined and false', () => {
    const crowd = shop()
    crowd.track('u1', 'purchase', { at: 5, product: null, amount: undefined, gift: false, eventId: null })
    crowd.track('u1', 'purchase', { at: 6, product: '', amount: 0 })
    expect(crowd.events('u1', 'purchase')).toEqual([{ at: new Date(5) }, { at: new Date(6), product: '', amount: 0 }])
  })

  it('takes a Date, milliseconds, text with an offset, local text and a date', () => {
    const crowd = shop()
    const instants = [
      new Date(Date.UTC(2026, 10, 20, 1)),
      Date.UTC(2026, 10, 20, 2),
      '2026-11-20T03:00Z',
      '2026-11-20 12:00',
      '2026-11-21',
    ]
    for (const at of instants) crowd.track('u1', 'browse', { at })
    expect(crowd.events('u1', 'browse').map(({ at }) => at.toISOString())).toEqual([
      '2026-11-20T01:00:00.000Z',
      '2026-11-20T02:00:00.000Z',
      '2026-11-20T03:00:00.000Z',
      '2026-11-20T04:00:00.000Z',
      '2026-11-20T16:00:00.000Z',
    ])
  })

  it('keeps late events and events of the future in order, those of one instant as they came', () => {
    const crowd = shop()
    for (const [at, product] of [
      [5, 'a'],
      [3, 'b'],
      [present + hour, 'c'],
      [-7, 'd'],
      [3, 'e'],
    ] as const) {
      crowd.track('u1', 'purchase', { at, product })
      crowd.events('u1', 'purchase')
    }
    expect(crowd.events('u1', 'purchase').map(({ product }) => product)).toEqual(['d', 'b', 'e', 'a', 'c'])
  })

  it('refuses what does not fit, and changes nothing: not even the person comes to be', () => {
    const crowd = shop()
    const at = present
    const wrong: [string, () => unknown, Record<string, unknown>][] = [
      ['EVENT_UNKNOWN', () => crowd.track('u', 'purchse' as 'purchase', { at }), { suggestion: 'purchase' }],
      ['EVENT_UNKNOWN', () => crowd.track('u', 'vip' as 'browse', { at }), { kind: 'flag' }],
      ['EVENT_UNKNOWN', () => crowd.track('u', undefined as never, { at } as never), {}],
      [
        'EVENT_UNKNOWN_PROPERTY',
        () => crowd.track('u', 'purchase', { at, amuont: 5 } as never),
        { event: 'purchase', name: 'amuont', suggestion: 'amount' },
      ],
      ['EVENT_UNKNOWN_PROPERTY', () => crowd.track('u', 'browse', { at, id: 5 } as never), { name: 'id' }],
      ['TIME_INVALID', () => crowd.track('u', 'browse', {} as never), { column: 'browse.at' }],
      ['TIME_INVALID', () => crowd.track('u', 'browse', { at: 1.5 }), { value: 1.5 }],
      ['TIME_INVALID', () => crowd.track('u', 'browse', { at: '2026-13-01' }), { value: '2026-13-01' }],
      ['TIME_INVALID', () => crowd.track('u', 'browse', { at: new Date(Number.NaN) }), {}],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'browse', [at] as never), {}],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'browse', null as never), {}],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'browse', { at, category: 5 as never }), { value: 5 }],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'purchase', { at, gift: 1 as never }), { column: 'purchase.gift' }],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'purchase', { at, amount: Number.NaN }), { value: Number.NaN }],
      ['VALUE_WRONG_TYPE', () => crowd.track('u', 'purchase', { at, amount: 'many' }), {}],
      ['VALUE_TOO_MANY_DIGITS', () => crowd.track('u', 'purchase', { at, amount: 0.125 }), { scale: 2 }],
      ['VALUE_OUT_OF_RANGE', () => crowd.track('u', 'purchase', { at, amount: 100_000.01 }), { max: '100000' }],
      ['VALUE_OUT_OF_RANGE', () => crowd.track('u', 'purchase', { at, amount: Number.MAX_VALUE }), {}],
      ['VALUE_NOT_ALLOWED', () => crowd.track('u', 'purchase', { at, channel: 'ap' as 'app' }), { suggestion: 'app' }],
      ['VALUE_LONE_SURROGATE', () => crowd.track('u', 'browse', { at, category: '\ud800' }), {}],
      ['ID_EMPTY', () => crowd.track('', 'browse', { at }), {}],
      ['ID_EMPTY', () => crowd.track('u', 'browse', { at, eventId: '' }), { column: 'browse.eventId' }],
      ['ID_NOT_AN_INTEGER', () => crowd.track('u', 'browse', { at, eventId: 1.5 }), { value: 1.5 }],
    ]
    for (const [code, action, facts] of wrong) {
      const fault = faultOf(action)
      expect([fault.code, fault.facts]).toMatchObject([code, facts])
    }
    expect(crowd.size).toBe(0)
    expect(crowd.stats().events.map(({ events, eventIds }) => [events, eventIds])).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(crowd.stats().dataVersion).toBe(0)
  })

  it('an event of no property, a number of 15 digits, the ends of a range', () => {
    const wide = createEngine({ schema: { visit: event(), exact: event({ n: number({ scale: 3 }) }) } })
    wide.track(1, 'visit', { at: 0 })
    expect(wide.events(1, 'visit')).toEqual([{ at: new Date(0) }])
    const values = [999_999_999_999.999, '9007199254740.991', -9_007_199_254_740n, 0.1 + 0.7 - 0.8, -0, '1e3']
    const accepted = values.map((n, at) => {
      try {
        wide.track(2, 'exact', { at, n })
        return true
      } catch {
        return false
      }
    })
    expect(accepted).toEqual([true, true, true, false, true, true])
    expect(wide.events(2, 'exact').map(({ n }) => n)).toEqual([
      999_999_999_999.999,
      Number('9007199254740.991'),
      -9_007_199_254_740,
      0,
      1000,
    ])
  })
})

describe('trackMany and trackColumns', () => {
  const rows = [
    ['u1', { at: present, product: 'A', amount: 5, eventId: 'o1' }],
    ['u2', { at: present - hour, product: 'B', gift: true }],
    ['u1', { at: present - 40 * 24 * hour, channel: 'web' }],
    [42, { at: present, amount: '0.01', eventId: 'o1' }],
  ] as const

  it('store the same events as track, one by one', () => {
    const [single, many, columns, dense] = [shop(), shop(), shop(), shop()]
    for (const [id, values] of rows) single.track(id, 'purchase', values)
    const report = { events: 3, duplicates: 1, expired: 0, people: 3, created: 3 }
    expect(many.trackMany('purchase', new Map(rows.map((row, i) => [i, row])).values())).toEqual(report)
    const arrays = {
      at: rows.map(([, { at }]) => at),
      product: ['A', 'B', null, undefined],
      channel: [null, null, 'web', null],
      amount: [5, null, null, '0.01'],
      gift: [undefined, true, false, null],
      eventId: ['o1', null, undefined, 'o1'],
    } as const
    expect(columns.trackColumns('purchase', { ids: rows.map(([id]) => id), ...arrays })).toEqual(report)
    dense.putMany([
      ['u1', {}],
      ['u2', {}],
      [42, {}],
    ])
    const people = Uint32Array.of(0, 1, 0, 2)
    expect(dense.trackColumns('purchase', { dense: people, ...arrays, at: Float64Array.from(arrays.at) })).toEqual({
      ...report,
      created: 0,
    })
    for (const crowd of [many, columns, dense]) {
      for (const id of ['u1', 'u2', 42]) expect(crowd.events(id, 'purchase')).toEqual(single.events(id, 'purchase'))
      expect(crowd.size).toBe(3)
    }
    expect(single.events('u1', 'purchase')).toHaveLength(2)
  })

  it('take typed arrays of numbers, and leave the arrays as they were', () => {
    const crowd = shop()
    const at = Float64Array.of(3, 1, 2)
    const amount = Float64Array.of(0.1, 129.9, -1000)
    crowd.trackColumns('purchase', { ids: Uint32Array.of(7, 7, 7), at, amount })
    crowd.trackColumns('purchase', { ids: [7, 7], at: [5, 4], amount: Int32Array.of(50, 40) })
    expect(crowd.events(7, 'purchase').map(({ amount: value }) => value)).toEqual([129.9, -1000, 0.1, 40, 50])
    expect([[...at], [...amount]]).toEqual([
      [3, 1, 2],
      [0.1, 129.9, -1000],
    ])
  })

  it('take nothing, and tens of thousands', () => {
    const crowd = shop()
    const none = { events: 0, duplicates: 0, expired: 0, people: 0, created: 0 }
    expect(crowd.trackMany('browse', [])).toEqual(none)
    expect(crowd.trackColumns('browse', { ids: [], at: [] })).toEqual(none)
    const length = 50_000
    const report = crowd.trackColumns('browse', {
      ids: Array.from({ length }, (_, i) => `u${i % 7_000}`),
      at: Float64Array.from({ length }, (_, i) => present - ((i * 7919) % 1000) * hour),
      category: Array.from({ length }, (_, i) => `c${i % 300}`),
    })
    const expired = Array.from({ length }, (_, i) => ((i * 7919) % 1000) * hour).filter(
      (ago) => present - ago < Date.UTC(2026, 9, 21, 16),
    ).length
    expect(report).toEqual({ events: length - expired, duplicates: 0, expired, people: 7_000, created: 7_000 })
    expect(expired).toBeGreaterThan(0)
    expect(crowd.stats().events[1]).toMatchObject({ name: 'browse', events: length - expired, days: 31 })
  })

  it('are refused whole, with the place of the event', () => {
    const crowd = shop()
    crowd.put('gone', {})
    crowd.remove('gone')
    const at = [1, 2, 3]
    const ids = ['a', 'b', 'c']
    const good = { at: 1 }
    const wrong: [string, () => unknown, Record<string, unknown>][] = [
      [
        'TIME_INVALID',
        () =>
          crowd.trackMany('browse', [
            ['a', good],
            ['b', { at: 'x' }],
          ]),
        { index: 1 },
      ],
      [
        'ID_EMPTY',
        () =>
          crowd.trackMany('browse', [
            ['a', good],
            ['', good],
          ]),
        { index: 1 },
      ],
      [
        'ID_EMPTY',
        () =>
          crowd.trackMany('browse', [
            ['a', good],
            ['b', { at: 1, eventId: '' }],
          ]),
        { index: 1 },
      ],
      ['MEMBERS_WRONG_TYPE', () => crowd.trackMany('browse', [['a', good], ['b'] as never]), {}],
      ['MEMBERS_WRONG_TYPE', () => crowd.trackMany('browse', 'abc' as never), {}],
      ['VALUE_WRONG_TYPE', () => crowd.trackMany('browse', [['a', 5 as never]]), { index: 0 }],
      [
        'EVENT_UNKNOWN_PROPERTY',
        () => crowd.trackMany('browse', [['a', { at: 1, x: 1 } as never]]),
        { index: 0, name: 'x' },
      ],
      ['EVENT_UNKNOWN', () => crowd.trackMany('brows' as 'browse', []), { suggestion: 'browse' }],
      [
        'EVENT_LENGTHS_DIFFER',
        () => crowd.trackColumns('browse', { ids, at: [1] }),
        { name: 'at', found: 1, expected: 3 },
      ],
      ['EVENT_LENGTHS_DIFFER', () => crowd.trackColumns('browse', { ids, at, category: [] }), { name: 'category' }],
      ['EVENT_LENGTHS_DIFFER', () => crowd.trackColumns('browse', { ids, at, eventId: ['x'] }), { name: 'eventId' }],
      ['EVENT_UNKNOWN_PROPERTY', () => crowd.trackColumns('browse', { ids, at, x: at } as never), { name: 'x' }],
      ['VALUE_WRONG_TYPE', () => crowd.trackColumns('browse', { ids } as never), { column: 'browse.at' }],
      ['VALUE_WRONG_TYPE', () => crowd.trackColumns('browse', { ids, at: new Uint8Array(3) as never }), {}],
      ['VALUE_WRONG_TYPE', () => crowd.trackColumns('browse', { ids, at, category: 'abc' as never }), {}],
      [
        'VALUE_WRONG_TYPE',
        () => crowd.trackColumns('browse', { ids, at, category: ['a', 'b', 1 as never] }),
        { index: 2 },
      ],
      [
        'VALUE_WRONG_TYPE',
        () => crowd.trackColumns('purchase', { ids, at, amount: Float64Array.of(1, Number.NaN, 2) }),
        { index: 1 },
      ],
      [
        'TIME_INVALID',
        () => crowd.trackColumns('browse', { ids, at: Float64Array.of(1, 2, Number.NaN) }),
        { index: 2 },
      ],
      ['TIME_INVALID', () => crowd.trackColumns('browse', { ids, at: [1, 2, 1e300] }), { index: 2 }],
      ['ID_WRONG_TYPE', () => crowd.trackColumns('browse', { ids: ['a', null as never, 'b'], at }), { index: 1 }],
      ['ID_EMPTY', () => crowd.trackColumns('browse', { ids, at, eventId: ['a', null, ''] }), { index: 2 }],
      ['DENSE_UNKNOWN', () => crowd.trackColumns('browse', { dense: Uint32Array.of(0), at: [1] }), { index: 0 }],
      ['DENSE_UNKNOWN', () => crowd.trackColumns('browse', { dense: Uint32Array.of(9), at: [1] }), { index: 0 }],
      ['MEMBERS_WRONG_TYPE', () => crowd.trackColumns('browse', { at } as never), {}],
      ['MEMBERS_WRONG_TYPE', () => crowd.trackColumns('browse', { ids, dense: Uint32Array.of(0), at } as never), {}],
      ['MEMBERS_WRONG_TYPE', () => crowd.trackColumns('browse', { dense: [1, 2, 3], at } as never), {}],
    ]
    for (const [code, action, facts] of wrong) {
      const fault = faultOf(action)
      expect([fault.code, fault.facts, fault.message]).toMatchObject([code, facts, expect.anything()])
    }
    expect([crowd.size, crowd.stats().events[0]!.events, crowd.stats().dataVersion]).toEqual([0, 0, 2])
  })
})

describe('events', () => {
  it('reads the newest, in a stretch of time, of a person', () => {
    const crowd = shop()
    for (let i = 0; i < 50; i++) {
      crowd.track(i % 2 === 0 ? 'u1' : 'u2', 'purchase', { at: present - i * 7 * hour, amount: i })
    }
    const amounts = (options?: Parameters<typeof crowd.events>[2]) =>
      crowd.events('u1', 'purchase', options).map(({ amount }) => amount)
    expect(amounts()).toEqual(Array.from({ length: 25 }, (_, i) => 48 - 2 * i))
    expect(amounts({ limit: 3 })).toEqual([4, 2, 0])
    expect(amounts({ limit: 2, to: present })).toEqual([4, 2])
    expect(amounts({ from: present - 14 * hour })).toEqual([2, 0])
    expect(amounts({ from: present - 14 * hour, to: new Date(present - 14 * hour + 1) })).toEqual([2])
    expect(amounts({ from: '2027-01-01' })).toEqual([])
    expect(crowd.events('nobody', 'purchase')).toEqual([])
    expect(crowd.events('u1', 'browse')).toEqual([])
    expect(faultOf(() => amounts({ limit: 0 })).code).toBe('OPTION_INVALID')
    expect(faultOf(() => amounts({ limits: 1 } as never)).code).toBe('OPTION_INVALID')
    expect(faultOf(() => amounts({ from: 'x' })).code).toBe('TIME_INVALID')
    expect(faultOf(() => crowd.events('u1', 'none' as 'browse')).code).toBe('EVENT_UNKNOWN')
    expect(faultOf(() => crowd.events('', 'browse')).code).toBe('ID_EMPTY')
  })
})

describe('retention', () => {
  const clockAt = (start: number) => {
    const clock = { time: start, now: () => clock.time as Millis }
    return clock
  }

  it('refuses what is older, drops whole days when one has passed, and counts both', () => {
    const clock = clockAt(present)
    const crowd = shop(clock)
    const today = Date.UTC(2026, 10, 20, 16)
    const oldest = today - 30 * 24 * hour
    expect(crowd.track('u1', 'browse', { at: oldest })).toMatchObject({ events: 1, expired: 0 })
    expect(crowd.track('u2', 'browse', { at: oldest - 1, eventId: 1 })).toMatchObject({
      events: 0,
      expired: 1,
      created: 1,
    })
    crowd.track('u1', 'browse', { at: oldest + 24 * hour })
    crowd.track('u1', 'purchase', { at: oldest - 1 })
    expect(crowd.retain()).toEqual({ dropped: 0 })
    clock.time += 11 * hour
    expect(crowd.retain()).toEqual({ dropped: 0 })
    clock.time += 10 * hour
    // A write of the new day drops; a write of another event doesn't.
    crowd.track('u1', 'purchase', { at: 0 })
    expect(crowd.events('u1', 'browse')).toHaveLength(2)
    crowd.track('u3', 'browse', { at: present })
    expect(crowd.events('u1', 'browse')).toHaveLength(1)
    clock.time += 24 * hour
    expect(crowd.retain()).toEqual({ dropped: 1 })
    expect(crowd.events('u1', 'purchase')).toHaveLength(2)
    expect(crowd.size).toBe(3)
  })

  it('a clock that is put back brings nothing back, and keeps what is kept', () => {
    const clock = clockAt(present)
    const crowd = shop(clock)
    crowd.track('u1', 'browse', { at: present - 20 * 24 * hour })
    clock.time += 11 * 24 * hour
    crowd.retain()
    clock.time = present
    expect(crowd.track('u1', 'browse', { at: present - 20 * 24 * hour })).toMatchObject({ expired: 1 })
    expect(crowd.track('u1', 'browse', { at: present - 18 * 24 * hour })).toMatchObject({ events: 1 })
  })
})

describe('columns of events', () => {
  it('are not written as values', () => {
    const crowd = shop()
    const wrong = [
      () => crowd.put('u', { purchase: true } as never),
      () => (crowd.tags as never as { visit: unknown }).visit,
    ]
    expect(faultOf(wrong[0]!).message).toBe(
      'SCHEMA_COLUMN_WRONG_KIND: purchase is an event: what people did is tracked',
    )
    expect(faultOf(wrong[1]!).code).toBe('SCHEMA_COLUMN_UNKNOWN')
    expect(faultOf(() => (crowd.tags as never as { browse: unknown }).browse).code).toBe('SCHEMA_COLUMN_WRONG_KIND')
    expect(crowd.size).toBe(0)
  })

  it('come and go with addColumn and dropColumn, and are in the schema', () => {
    const crowd = shop()
    const wider = crowd.addColumn('visit', event({ page: category() }))
    expect(wider.track('u1', 'visit', { at: 1, page: 'home' }).events).toBe(1)
    expect(Object.keys(wider.schema)).toEqual(['vip', 'purchase', 'browse', 'visit'])
    expect(wider.schema.visit).toEqual(event({ page: category() }))
    expect(wider.get('u1')).toEqual({})
    const narrower = wider.dropColumn('visit')
    expect(faultOf(() => wider.track('u1', 'visit', { at: 1 })).code).toBe('EVENT_UNKNOWN')
    const again = narrower.addColumn('visit', event({ page: number() }))
    expect(again.events('u1', 'visit')).toEqual([])
    expect(again.track('u1', 'visit', { at: 1, page: 5 }).events).toBe(1)
    expect(faultOf(() => again.addColumn('visit', flag())).code).toBe('SCHEMA_NAME_TAKEN')
    expect(crowd.stats().columns.map(({ name }) => name)).toEqual(['vip'])
  })

  it('are found under their name in another normal form', () => {
    const crowd = createEngine({ schema: { café: event({ thé: category() }) } })
    expect(crowd.track('u1', 'cafe\u0301' as 'café', { at: 1, 'the\u0301': 'vert' } as never).events).toBe(1)
    expect(crowd.trackMany('cafe\u0301' as 'café', [['u1', { at: 2 }]]).events).toBe(1)
    expect(crowd.events('u1', 'café')).toEqual([{ at: new Date(1), thé: 'vert' }, { at: new Date(2) }])
  })

  it('can be written where the schema is not known to the compiler', () => {
    const crowd: Engine<SchemaSpec> = shop() as unknown as Engine<SchemaSpec>
    expect(crowd.track('u1', 'purchase', { at: new Date(5), product: 'x' }).events).toBe(1)
    expect(crowd.events('u1', 'purchase')).toEqual([{ at: new Date(5), product: 'x' }])
  })
})
