import { describe, expect, it } from 'vitest'
import { makeShop, type ShopCategory, type ShopPart, shopId } from '../../examples/demo/shop.ts'
import { orderDays, type ShopEvents, shopNow, visitDays } from '../../examples/demo/shop-events.ts'
import { category, createEngine, event, flag } from '../../src/index.ts'

/** The made-up shop of the demo, on which benchmarks and tests rely: the same everywhere, well formed, correlated as in life. */

const people = 50_000
const seed = 618
const parts = [...makeShop(people, seed)]

const partOf = <Kind extends ShopPart['kind']>(kind: Kind, name: string): Extract<ShopPart, { kind: Kind }> => {
  const found = parts.find((other) => other.kind === kind && other.name === name)
  if (found === undefined) throw new Error(`no ${kind} ${name}`)
  return found as Extract<ShopPart, { kind: Kind }>
}

const flagOf = (name: string): ReadonlySet<number> => new Set(partOf('flag', name).people)

const peopleWith = (name: string, value: string): ReadonlySet<number> =>
  new Set(partOf('category', name).values.find((other) => other.value === value)!.people)

/** One event as a person would tell it: amounts in whole 0.01 yuan. */
interface Told {
  readonly person: number
  readonly at: number
  readonly category: string
  readonly product: string
  readonly cents: number
}

function told(name: ShopEvents['name']): Told[] {
  return parts.flatMap((part) => {
    if (part.kind !== 'events' || part.name !== name) return []
    const { people: persons, at } = part
    return [...persons].map((person, i) => ({
      person,
      at: at[i]!,
      category: 'category' in part ? part.category[i]! : '',
      product: 'product' in part ? part.product[i]! : '',
      cents: 'amount' in part ? Math.round(part.amount[i]! * 100) : 0,
    }))
  })
}

const [visits, carts, orders, refunds] = (['browse', 'add_to_cart', 'purchase', 'refund'] as const).map(told) as [
  Told[],
  Told[],
  Told[],
  Told[],
]
const whose = (events: readonly Told[]): ReadonlySet<number> => new Set(events.map(({ person }) => person))

/** Share of `whole` that is in `part`. */
const share = (part: ReadonlySet<number>, whole: ReadonlySet<number>): number =>
  [...whole].filter((person) => part.has(person)).length / whole.size

const crowds = ['精致妈妈', 'Gen Z', '新锐白领', '资深中产', '都市蓝领', '都市银发', '小镇青年', '小镇中老年']
const day = 86_400_000

describe('makeShop', () => {
  it('makes the same shop again, and another with another seed', () => {
    expect(digest(makeShop(2_000, seed))).toBe(digest(makeShop(2_000, seed)))
    expect(digest(makeShop(2_000, seed))).not.toBe(digest(makeShop(2_000, seed + 1)))
  })

  it('makes a shop that this number knows: whoever changes it changes numbers in documents', () => {
    expect(digest(parts)).toBe('8d179386')
  })

  it('gives ascending positions within the shop, and every value once', () => {
    for (const part of parts) {
      const lists = part.kind === 'category' ? part.values.map((value) => value.people) : [part.people]
      for (const list of lists) {
        const follows = (person: number, before: number) =>
          part.kind === 'events' ? person >= before : person > before
        expect(list.every((person, index) => index === 0 || follows(person, list[index - 1]!))).toBe(true)
        expect(list.length === 0 || list.at(-1)! < people).toBe(true)
      }
      if (part.kind === 'category') {
        expect(new Set(part.values.map(({ value }) => value)).size).toBe(part.values.length)
      }
    }
  })

  it('gives nobody two values of a one-value category, and two strategy crowds', () => {
    for (const name of ['省份', '城市等级', '消费能力', '活跃度', '会员等级']) {
      const { values }: ShopCategory = partOf('category', name)
      const total = values.reduce((sum, value) => sum + value.people.length, 0)
      expect(new Set(values.flatMap((value) => [...value.people])).size).toBe(total)
    }
    const members = crowds.map(flagOf)
    expect(new Set(members.flatMap((crowd) => [...crowd])).size).toBe(
      members.reduce((sum, crowd) => sum + crowd.size, 0),
    )
  })

  it('is correlated as in life', () => {
    const mothers = flagOf('精致妈妈')
    const everyone = new Set(Array.from({ length: people }, (_, person) => person))
    const milkPowder = whose(visits.filter((visit) => visit.category === '奶粉'))
    const members = new Set(partOf('timestamp', 'joinedAt').people)
    expect(share(milkPowder, mothers)).toBeGreaterThan(5 * share(milkPowder, everyone))
    expect(share(milkPowder, peopleWith('兴趣', '奶粉'))).toBeGreaterThan(5 * share(milkPowder, everyone))
    expect(share(flagOf('看过直播'), mothers)).toBeGreaterThan(1.3 * share(flagOf('看过直播'), everyone))
    expect(share(whose(orders), whose(carts))).toBeGreaterThan(2 * share(whose(orders), whose(visits)))
    expect(share(members, whose(orders))).toBeGreaterThan(10 * share(members, complement(whose(orders))))
    expect(share(whose(visits), flagOf('收藏'))).toBe(1)
    expect(share(flagOf('粉丝'), flagOf('粉丝团'))).toBe(1)
    expect(share(flagOf('小镇青年'), peopleWith('城市等级', 'T1'))).toBe(0)
  })

  it('fills an engine by dense numbers, where position and number are the same', () => {
    const small = 500
    const schema = { 精致妈妈: flag(), 城市等级: category(), browse: event({ category: category() }) }
    const crowd = createEngine({ schema })
    crowd.putMany(Array.from({ length: small }, (_, person) => [shopId(person), {}] as const))
    let looks = 0
    for (const part of makeShop(small, seed)) {
      if (part.kind === 'flag' && part.name === '精致妈妈') crowd.tags.精致妈妈.replace(part.people)
      if (part.kind === 'category' && part.name === '城市等级') {
        for (const { value, people: members } of part.values) crowd.tags.城市等级.add(value, members)
      }
      if (part.kind === 'events' && part.name === 'browse') {
        looks += part.at.length
        crowd.trackColumns('browse', { dense: part.people, at: part.at, category: part.category })
      }
    }
    expect(crowd.count('城市等级 is set')).toBe(small)
    expect(crowd.count('精致妈妈 and 城市等级 in ("T4", "T5")')).toBe(0)
    expect(crowd.get(shopId(7))).toHaveProperty('城市等级')
    expect(crowd.stats().events[0]?.events).toBe(looks)
  })
})

describe('the events of the shop', () => {
  it('were in whole milliseconds of the days that there are, and none is in the future', () => {
    const range = (events: readonly Told[], days: number) => {
      expect(events.length).toBeGreaterThan(100)
      for (const { at } of events) {
        if (!(Number.isInteger(at) && at <= shopNow && at > shopNow - days * day)) throw new Error(`an event at ${at}`)
      }
    }
    range(visits, visitDays)
    range(carts, visitDays)
    range(orders, orderDays)
    range(refunds, orderDays)
  })

  it('come from somewhere: carts of a visit, late orders of a cart, refunds of an order', () => {
    const seen = by(visits, ({ person, category: name }) => `${person} ${name}`)
    for (const { person, at, category: name, product } of carts) {
      const within = (seen.get(`${person} ${name}`) ?? []).some((visit) => visit.at < at && at - visit.at < 3_600_000)
      if (!within || !product.startsWith(`${name} `)) throw new Error(`${shopId(person)}: ${product} out of nowhere`)
    }
    const added = by(carts, ({ person, product }) => `${person} ${product}`)
    const firstDay = shopNow - (visitDays - 1) * day
    for (const { person, at, product } of orders) {
      const cart = (added.get(`${person} ${product}`) ?? []).some(
        (add) => add.at < at && at - add.at <= 3 * day + 30_000,
      )
      if (!cart && at >= firstDay) throw new Error(`${shopId(person)}: ${product} without a cart`)
    }
    const bought = by(orders, ({ person, product }) => `${person} ${product}`)
    for (const { person, at, product, cents } of refunds) {
      const order = (bought.get(`${person} ${product}`) ?? []).some(
        (buy) => buy.at + day <= at && at <= buy.at + 10 * day && cents <= buy.cents,
      )
      if (!order) throw new Error(`${shopId(person)}: ${product} given back without an order`)
    }
  })

  it('add up to what people spent, to the last 0.01', () => {
    const sums = new Map<number, number>()
    for (const { person, cents } of orders) sums.set(person, (sums.get(person) ?? 0) + cents)
    for (const { person, cents } of refunds) sums.set(person, sums.get(person)! - cents)
    const { people: customers, values } = partOf('number', 'spend')
    const spent = [...customers].map((person, i) => [person, Math.round(values[i]! * 100)])
    expect(spent).toEqual([...sums].sort(([a], [b]) => a - b))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  })

  it('are many in the evening, and before Double 11', () => {
    const evening = visits.filter(({ at }) => (at + 8 * 3_600_000) % day >= 20 * 3_600_000)
    expect(evening.length / visits.length).toBeGreaterThan(0.25)
    const sale = visits.filter(({ at }) => at >= Date.UTC(2026, 9, 31, 16) && at < Date.UTC(2026, 10, 11, 16))
    expect(sale.length / visits.length).toBeGreaterThan(0.25)
  })

  it('know no member who joined later than now', () => {
    const { values } = partOf('timestamp', 'joinedAt')
    expect(values.every((at) => Number.isInteger(at) && at <= shopNow && at > shopNow - 731 * day)).toBe(true)
  })
})

function complement(members: ReadonlySet<number>): ReadonlySet<number> {
  return new Set(Array.from({ length: people }, (_, person) => person).filter((person) => !members.has(person)))
}

function by(events: readonly Told[], key: (event: Told) => string): ReadonlyMap<string, readonly Told[]> {
  const groups = new Map<string, Told[]>()
  for (const event of events) {
    const group = groups.get(key(event))
    if (group === undefined) groups.set(key(event), [event])
    else group.push(event)
  }
  return groups
}

/** One number for the whole shop: FNV-1a over names, values and people. */
function digest(shop: Iterable<ShopPart>): string {
  let hash = 0x811c_9dc5
  const add = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x0100_0193)
  }
  const addText = (text: string): void => {
    for (const character of text) add(character.codePointAt(0)!)
  }
  /** A number up to 2^53, with two digits after the point. */
  const addNumber = (value: number): void => {
    const cents = Math.round(value * 100)
    add(cents % 2 ** 32)
    add(Math.floor(cents / 2 ** 32))
  }
  for (const part of shop) {
    addText(part.name)
    if (part.kind === 'category') {
      for (const { value, people: members } of part.values) {
        addText(value)
        members.forEach(add)
      }
      continue
    }
    for (const [name, values] of Object.entries(part)) {
      if (typeof values === 'string') continue
      addText(name)
      for (const value of values as Iterable<number | string | null>) {
        if (typeof value === 'number') addNumber(value)
        else addText(value ?? '-')
      }
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
