import { describe, expect, it } from 'vitest'
import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  number,
  type TemplateArguments,
  type TemplateDefinition,
  type TemplateParameters,
  templates,
  timestamp,
} from '../../src/index.ts'

const schema = {
  精致妈妈: flag(),
  birthMonth: number({ min: 1, max: 12 }),
  joinedAt: timestamp(),
  purchase: event({ product: category(), kol: category(), channel: category(), amount: number({ scale: 2 }) }),
  refund: event({ amount: number({ scale: 2 }) }),
  browse: event({ category: category() }),
  add_to_cart: event({ product: category() }),
  reached: event({}),
}
type Shop = Engine<typeof schema>

const now = Date.parse('2026-11-21T12:00:00Z')
const day = 86_400_000

/** Days before the present. */
const ago = (days: number): number => now - days * day

function shop(): Shop {
  return createEngine({ schema, clock: { now: () => now as never } })
}

/** People of a template applied to a shop, filled by one person a line. */
function answer<P extends TemplateParameters>(
  definition: TemplateDefinition<P>,
  values: TemplateArguments<P>,
  people: Readonly<Record<string, (crowd: Shop, id: string) => void>>,
): string[] {
  const crowd = shop()
  for (const [id, fill] of Object.entries(people)) {
    crowd.put(id, {})
    fill(crowd, id)
  }
  const rule = crowd.rules.template(definition).apply(values)
  return [...crowd.select(rule).ids()] as string[]
}

const bought =
  (days: number, values: { product?: string; kol?: string; channel?: string; amount?: number } = {}) =>
  (crowd: Shop, id: string): void => {
    crowd.track(id, 'purchase', { at: ago(days), ...values })
  }
const all =
  (...fills: ((crowd: Shop, id: string) => void)[]) =>
  (crowd: Shop, id: string): void => {
    for (const fill of fills) fill(crowd, id)
  }
const refunded =
  (days: number, amount: number) =>
  (crowd: Shop, id: string): void => {
    crowd.track(id, 'refund', { at: ago(days), amount })
  }
const carted =
  (days: number, product: string) =>
  (crowd: Shop, id: string): void => {
    crowd.track(id, 'add_to_cart', { at: ago(days), product })
  }
const reached =
  (days: number) =>
  (crowd: Shop, id: string): void => {
    crowd.track(id, 'reached', { at: ago(days) })
  }

describe('the templates that ship', () => {
  const library = Object.entries(templates as Record<string, TemplateDefinition<TemplateParameters>>)

  it('are at least twelve', () => expect(library.length).toBeGreaterThanOrEqual(12))

  for (const [key, definition] of library) {
    it(`${key} has titles in both languages, and an example that can be asked`, () => {
      const bilingual = (title: unknown): boolean => {
        const { en, zh } = title as { en?: string; zh?: string }
        return typeof en === 'string' && /^[A-Z]/.test(en) && typeof zh === 'string' && /\p{Script=Han}/u.test(zh)
      }
      expect([definition.title, definition.description].every(bilingual)).toBe(true)
      for (const parameter of Object.values(definition.parameters)) expect(bilingual(parameter.title)).toBe(true)
      const crowd = shop()
      const rule = crowd.rules.template(definition).apply(definition.example!)
      expect(crowd.count(rule)).toBe(0)
      for (const language of ['en', 'zh'] as const) {
        expect(crowd.hash(rule.toString({ language }))).toBe(crowd.hash(rule))
      }
      expect(crowd.hash(rule.toJSON())).toBe(crowd.hash(rule))
    })
  }

  it('relatedRepurchase', () => {
    const bottle = bought(10, { product: 'bottle', amount: 120 })
    expect(
      answer(
        templates.relatedRepurchase,
        { bought: 'bottle', related: 'teat', net: 100 },
        {
          yes: bottle,
          hasBoth: all(bottle, bought(5, { product: 'teat', amount: 9 })),
          tookBack: all(bottle, refunded(9, 50)),
          longAgo: bought(200, { product: 'bottle', amount: 120 }),
        },
      ),
    ).toEqual(['yes'])
  })

  it('promotionRfm', () => {
    const range = { start: '2026-06-01', end: '2026-06-21' }
    const inJune = (amount: number) => (crowd: Shop, id: string) => {
      crowd.track(id, 'purchase', { at: '2026-06-10', amount })
    }
    expect(
      answer(templates.promotionRfm, range, {
        often: all(inJune(1), inJune(1)),
        much: inJune(500),
        little: inJune(499),
        again: all(inJune(500), bought(1)),
        may: (crowd, id) => void crowd.track(id, 'purchase', { at: '2026-05-31', amount: 900 }),
      }),
    ).toEqual(['often', 'much'])
  })

  it('sampleToFullSize', () => {
    expect(
      answer(
        templates.sampleToFullSize,
        { sample: '5ml', fullSize: '50ml' },
        {
          yes: bought(20, { product: '5ml' }),
          has: all(bought(20, { product: '5ml' }), bought(400, { product: '50ml' })),
          no: bought(20, { product: 'other' }),
        },
      ),
    ).toEqual(['yes'])
  })

  it('creatorCustomers', () => {
    const live = bought(3, { kol: 'k1', channel: 'live' })
    expect(
      answer(
        templates.creatorCustomers,
        { creators: ['k1'], genres: ['live'] },
        {
          yes: live,
          old: all(bought(100), live),
          otherGenre: bought(3, { kol: 'k1', channel: 'video' }),
          otherCreator: bought(3, { kol: 'k2', channel: 'live' }),
        },
      ),
    ).toEqual(['yes'])
  })

  it('newMemberWithoutPurchase', () => {
    const joined = (days: number) => (crowd: Shop, id: string) => crowd.put(id, { joinedAt: ago(days) })
    expect(
      answer(
        templates.newMemberWithoutPurchase,
        {},
        {
          yes: joined(2),
          today: joined(0.1),
          bought: all(joined(2), bought(1)),
          old: joined(30),
        },
      ),
    ).toEqual(['yes', 'today'])
  })

  it('cartWithoutOrder', () => {
    expect(
      answer(
        templates.cartWithoutOrder,
        { hours: 24 },
        {
          yes: carted(2, 'a'),
          tooEarlyToSay: carted(0.5, 'a'),
          ordered: all(carted(2, 'a'), bought(1.5, { product: 'a' })),
          orderedOther: all(carted(2, 'a'), bought(1.5, { product: 'b' })),
        },
      ),
    ).toEqual(['yes', 'orderedOther'])
  })

  it('lapsedBuyers', () => {
    expect(
      answer(
        templates.lapsedBuyers,
        { active: 180, silent: 90 },
        {
          yes: bought(120),
          stillHere: all(bought(120), bought(10)),
          longGone: bought(400),
        },
      ),
    ).toEqual(['yes'])
  })

  it('highValue', () => {
    expect(
      answer(
        templates.highValue,
        { least: 1000 },
        {
          yes: all(bought(5, { amount: 600 }), bought(6, { amount: 400 })),
          net: all(bought(5, { amount: 1000 }), refunded(4, 1)),
          old: bought(40, { amount: 2000 }),
        },
      ),
    ).toEqual(['yes'])
  })

  it('birthdayMonth', () => {
    const born = (month: number) => (crowd: Shop, id: string) => crowd.put(id, { birthMonth: month })
    expect(
      answer(
        templates.birthdayMonth,
        { month: 11 },
        {
          yes: all(born(11), bought(300)),
          stranger: born(11),
          other: all(born(12), bought(300)),
        },
      ),
    ).toEqual(['yes'])
  })

  it('aboutToLapse', () => {
    expect(
      answer(
        templates.aboutToLapse,
        { fromDays: 45, toDays: 90 },
        {
          yes: all(bought(60), bought(100)),
          once: bought(60),
          recent: all(bought(60), bought(3)),
          gone: all(bought(100), bought(120)),
        },
      ),
    ).toEqual(['yes'])
  })

  it('categoryProspects', () => {
    const browsed = (days: number, value: string) => (crowd: Shop, id: string) => {
      crowd.put(id, { 精致妈妈: true })
      crowd.track(id, 'browse', { at: ago(days), category: value })
    }
    expect(
      answer(
        templates.categoryProspects,
        { crowd: '精致妈妈', value: '奶粉' },
        {
          yes: browsed(3, '奶粉'),
          other: browsed(3, '口红'),
          old: browsed(20, '奶粉'),
          customer: all(browsed(3, '奶粉'), bought(500)),
        },
      ),
    ).toEqual(['yes'])
  })

  it('secondWave', () => {
    expect(
      answer(
        templates.secondWave,
        { days: 7 },
        {
          yes: reached(3),
          responded: all(reached(3), bought(2)),
          boughtBefore: all(bought(4), reached(3)),
          longAgo: reached(30),
        },
      ),
    ).toEqual(['yes', 'boughtBefore'])
  })

  it('regularBuyers', () => {
    const inMonths =
      (...months: string[]) =>
      (crowd: Shop, id: string) => {
        for (const month of months) crowd.track(id, 'purchase', { at: `2026-${month}-15` })
      }
    expect(
      answer(
        templates.regularBuyers,
        { months: 2, of: 3 },
        {
          yes: inMonths('08', '10'),
          once: inMonths('09'),
          early: inMonths('06', '07', '08'),
        },
      ),
    ).toEqual(['yes'])
  })

  it('oneTimeBuyers', () => {
    expect(
      answer(
        templates.oneTimeBuyers,
        { silent: 30 },
        { yes: bought(40), twice: all(bought(40), bought(50)), now: bought(2) },
      ),
    ).toEqual(['yes'])
  })

  it('frequentRefunders', () => {
    expect(
      answer(
        templates.frequentRefunders,
        { times: 2 },
        { yes: all(refunded(3, 1), refunded(4, 1)), once: refunded(3, 1) },
      ),
    ).toEqual(['yes'])
  })
})
