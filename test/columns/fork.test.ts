import { describe, expect, it } from 'vitest'
import { bitmapOf, nativeBitmapMemory } from '../../src/bitmap/bitmap.ts'
import { CategoryColumn } from '../../src/columns/category-column.ts'
import { MultiCategoryColumn } from '../../src/columns/multi-category-column.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { type PageCare, SharedPages } from '../../src/columns/shared-pages.ts'
import { ValueDictionary } from '../../src/columns/value-dictionary.ts'
import { category, number } from '../../src/index.ts'

describe('pages', () => {
  const copied: number[][] = []
  const freed: number[][] = []
  const care: PageCare<number[]> = {
    copy: (page) => {
      copied.push(page)
      return [...page]
    },
    free: (page) => freed.push(page),
  }
  function pages(): SharedPages<number[]> {
    copied.length = freed.length = 0
    const made = new SharedPages(care)
    for (let i = 0; i < 3; i++) made.set(i, [i])
    return made
  }

  it('are shared until one is written, by whomever', () => {
    const first = pages()
    const second = first.fork()
    const third = second.fork()
    second.writable(1)!.push(9)
    expect(copied).toEqual([[1]])
    expect([first, second, third].map((each) => [...each])).toEqual([
      [[0], [1], [2]],
      [[0], [1, 9], [2]],
      [[0], [1], [2]],
    ])
    first.writable(1)!.push(8)
    third.writable(1)!.push(7)
    expect(copied).toHaveLength(2)
    expect([first.at(1), second.at(1), third.at(1)]).toEqual([
      [1, 8],
      [1, 9],
      [1, 7],
    ])
    second.writable(1)!.push(6)
    expect(copied).toHaveLength(2)
  })

  it('are freed with the last who has them', () => {
    const first = pages()
    const second = first.fork()
    second.writable(0)
    first.dispose()
    expect(freed).toEqual([[0]])
    second.dispose()
    expect(freed.map(String).sort()).toEqual(['0', '0', '1', '2'])
    expect([...second]).toEqual([])
  })

  it('are not copied where the others have gone', () => {
    const first = pages()
    const forks = [first.fork(), first.fork()]
    for (const fork of forks) fork.dispose()
    first.writable(2)!.push(1)
    first.set(3, [3])
    expect([copied, freed]).toEqual([[], []])
  })
})

describe('texts', () => {
  it('that come later are none of the fork', () => {
    const texts = new ValueDictionary()
    texts.add('tea')
    texts.search({ kind: 'startsWith', text: 't' })
    const fork = texts.fork()
    texts.add('toast')
    expect([texts.size, fork.size]).toEqual([2, 1])
    expect([fork.find('tea'), fork.find('toast'), fork.texts]).toEqual([0, -1, ['tea']])
    expect(fork.search({ kind: 'startsWith', text: 't' })).toEqual([0])
    expect(fork.search({ kind: 'contains', text: 't' })).toEqual([0])
    expect(texts.search({ kind: 'startsWith', text: 't' })).toEqual([0, 1])
    expect(fork.add('tea')).toBe(0)
    expect(() => fork.add('new')).toThrow(/INTERNAL/)
    expect(fork.fork().texts).toEqual(['tea'])
  })
})

describe('columns', () => {
  it('numbers, with their bounds', () => {
    const column = new NumberColumn(number())
    column.set(1, 5)
    column.set(2, -7)
    expect(column.bounds()).toEqual({ min: -7, max: 5 })
    const fork = column.fork()
    column.set(1, 1_000)
    column.forget(2)
    expect([fork.valueOf(1), fork.valueOf(2), fork.bounds()]).toEqual([5, -7, { min: -7, max: 5 }])
    expect([column.valueOf(1), column.valueOf(2), column.bounds()]).toEqual([
      1_000,
      undefined,
      { min: 1_000, max: 1_000 },
    ])
    column.replaceAll(Uint32Array.of(9), Float64Array.of(3))
    expect(fork.valueOf(1)).toBe(5)
    column.dispose()
    expect(fork.valueOf(2)).toBe(-7)
  })

  it('a category with an index, of many values', () => {
    const column = new CategoryColumn(category())
    for (let i = 0; i < 1_000; i++) column.set(i, `v${i % 200}`)
    const fork = column.fork()
    for (let i = 0; i < 1_000; i += 3) column.set(i, i % 2 === 0 ? `new ${i}` : null)
    column.addMembers('v7', bitmapOf([1, 2, 4]))
    column.clearAll(bitmapOf([5]))
    const people = Array.from({ length: 1_000 }, (_, i) => i)
    expect(people.map((person) => fork.get(person))).toEqual(people.map((i) => `v${i % 200}`))
    expect(fork.values.size).toBe(200)
    expect([...fork.postings()].map(({ size }) => size)).toEqual([1_000, ...people.slice(0, 200).map(() => 5)])
    column.replaceAll([['only', bitmapOf([1])]])
    expect([column.get(1), column.get(2), column.present.size]).toEqual(['only', undefined, 1])
    expect(fork.get(2)).toBe('v2')
  })

  it('a category that gets its index after the fork', () => {
    const column = new CategoryColumn(category())
    for (let i = 0; i < 30; i++) column.set(i, `v${i}`)
    const fork = column.fork()
    for (let i = 0; i < 30; i++) column.set(i, `w${i}`)
    expect(Array.from({ length: 30 }, (_, i) => fork.get(i))).toEqual(Array.from({ length: 30 }, (_, i) => `v${i}`))
  })

  it('several values, released in either order', () => {
    const column = new MultiCategoryColumn(category({ many: true }))
    for (let i = 0; i < 500; i++) column.set(i, [`a${i % 90}`, 'all'])
    const { bytes } = nativeBitmapMemory()
    const first = column.fork()
    column.edit(1, ['all'], ['b'])
    const second = column.fork()
    column.set(2, [])
    column.replaceMembers('all', bitmapOf([3]))
    expect([...first.get(1)!].sort()).toEqual(['a1', 'all'])
    expect(second.get(1)).toEqual(['a1', 'b'])
    expect(second.get(2)).toEqual(first.get(2))
    second.dispose()
    expect(first.present.size).toBe(500)
    first.dispose()
    expect(column.present.size).toBe(499)
    column.dispose()
    expect(nativeBitmapMemory().bytes).toBeLessThan(bytes)
  })
})
