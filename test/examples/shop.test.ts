import { describe, expect, it } from 'vitest'
import { makeShop, type ShopColumn, shopId } from '../../examples/demo/shop.ts'
import { category, createEngine, flag } from '../../src/index.ts'

/** The made-up shop of the demo, on which benchmarks and tests rely: the same everywhere, well formed, correlated as in life. */

const people = 50_000
const seed = 618
const columns = [...makeShop(people, seed)]

const flagOf = (name: string): ReadonlySet<number> => {
  const column = columns.find((other) => other.name === name)
  if (column?.kind !== 'flag') throw new Error(`no flag ${name}`)
  return new Set(column.people)
}

const peopleWith = (name: string, value: string): ReadonlySet<number> => {
  const column = columns.find((other) => other.name === name)
  if (column?.kind !== 'category') throw new Error(`no category ${name}`)
  return new Set(column.values.find((other) => other.value === value)!.people)
}

/** Share of `whole` that is in `part`. */
const share = (part: ReadonlySet<number>, whole: ReadonlySet<number>): number =>
  [...whole].filter((person) => part.has(person)).length / whole.size

const crowds = ['精致妈妈', 'Gen Z', '新锐白领', '资深中产', '都市蓝领', '都市银发', '小镇青年', '小镇中老年']

describe('makeShop', () => {
  it('makes the same shop again, and another with another seed', () => {
    expect(digest(makeShop(2_000, seed))).toBe(digest(makeShop(2_000, seed)))
    expect(digest(makeShop(2_000, seed))).not.toBe(digest(makeShop(2_000, seed + 1)))
  })

  it('makes a shop that this number knows: whoever changes it changes numbers in documents', () => {
    expect(digest(columns)).toBe('5b48cfeb')
  })

  it('gives ascending positions within the shop, and every value once', () => {
    for (const column of columns) {
      const lists = column.kind === 'flag' ? [column.people] : column.values.map((value) => value.people)
      for (const list of lists) {
        expect(list.every((person, index) => index === 0 || person > list[index - 1]!)).toBe(true)
        expect(list.length === 0 || list.at(-1)! < people).toBe(true)
      }
      if (column.kind === 'category')
        expect(new Set(column.values.map(({ value }) => value)).size).toBe(column.values.length)
    }
  })

  it('gives nobody two values of a one-value category, and two strategy crowds', () => {
    for (const name of ['省份', '城市等级', '消费能力', '活跃度', '会员等级']) {
      const column = columns.find((other) => other.name === name)
      const values = column?.kind === 'category' ? column.values : []
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
    const milkPowder = peopleWith('类目活跃', '奶粉')
    expect(share(milkPowder, mothers)).toBeGreaterThan(5 * share(milkPowder, everyone))
    expect(share(flagOf('看过直播'), mothers)).toBeGreaterThan(1.3 * share(flagOf('看过直播'), everyone))
    expect(share(flagOf('下单'), flagOf('加购'))).toBeGreaterThan(2.5 * share(flagOf('下单'), flagOf('浏览')))
    expect(share(flagOf('老客'), flagOf('下单'))).toBe(1)
    expect(share(flagOf('粉丝'), flagOf('粉丝团'))).toBe(1)
    expect(share(flagOf('小镇青年'), peopleWith('城市等级', 'T1'))).toBe(0)
  })

  it('fills an engine by dense numbers, where position and number are the same', () => {
    const small = 500
    const crowd = createEngine({ schema: { 精致妈妈: flag(), 城市等级: category() } })
    crowd.putMany(Array.from({ length: small }, (_, person) => [shopId(person), {}] as const))
    for (const column of makeShop(small, seed)) {
      if (column.kind === 'flag' && column.name === '精致妈妈') crowd.tags.精致妈妈.replace(column.people)
      if (column.kind === 'category' && column.name === '城市等级') {
        for (const { value, people: members } of column.values) crowd.tags.城市等级.add(value, members)
      }
    }
    expect(crowd.count('城市等级 is set')).toBe(small)
    expect(crowd.count('精致妈妈 and 城市等级 in ("T4", "T5")')).toBe(0)
    expect(crowd.get(shopId(7))).toHaveProperty('城市等级')
  })
})

/** One number for all columns: FNV-1a over their names, values and people. */
function digest(shop: Iterable<ShopColumn>): string {
  let hash = 0x811c_9dc5
  const add = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x0100_0193)
  }
  const addText = (text: string): void => {
    for (const character of text) add(character.codePointAt(0)!)
  }
  for (const column of shop) {
    addText(column.name)
    const lists = column.kind === 'flag' ? [{ value: '', people: column.people }] : column.values
    for (const { value, people: members } of lists) {
      addText(value)
      members.forEach(add)
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
