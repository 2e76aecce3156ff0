import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { CategoryColumn } from '../../src/columns/category-column.ts'
import { ForwardIndex } from '../../src/columns/forward-index.ts'
import { MultiCategoryColumn } from '../../src/columns/multi-category-column.ts'
import { category } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'

const person = fc.oneof(fc.nat(30), fc.integer({ min: 65_530, max: 65_540 }))
const people = fc.uniqueArray(person, { maxLength: 12 })
// More values than the forward index needs to come into being.
const text = fc.nat(45).map((value) => `v${value}`)
const change = fc.oneof(
  fc.record({ do: fc.constant('set' as const), person, text: fc.option(text) }),
  fc.record({ do: fc.constantFrom('add' as const, 'clear' as const, 'replace' as const), people, text }),
  fc.record({ do: fc.constant('clearAll' as const), people }),
)

describe('a category of one value', () => {
  it('is a map from person to value, with and without the forward index', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const column = new CategoryColumn(category())
        const model = new Map<number, string>()
        for (const step of changes) {
          if (step.do === 'set') {
            column.set(step.person, step.text)
            if (step.text === null) model.delete(step.person)
            else model.set(step.person, step.text)
          } else if (step.do === 'clearAll') {
            column.clearAll(bitmapOf(step.people))
            for (const one of step.people) model.delete(one)
          } else if (step.do === 'add') {
            column.addMembers(step.text, bitmapOf(step.people))
            for (const one of step.people) model.set(one, step.text)
          } else if (step.do === 'clear') {
            column.clearMembers(step.text, bitmapOf(step.people))
            for (const one of step.people) if (model.get(one) === step.text) model.delete(one)
          } else {
            column.replaceMembers(step.text, bitmapOf(step.people))
            for (const [one, value] of model) if (value === step.text) model.delete(one)
            for (const one of step.people) model.set(one, step.text)
          }
        }
        expect([...column.present.bitmap]).toEqual([...model.keys()].sort((a, b) => a - b))
        column.values.texts.forEach((value, number) => {
          const expected = [...model].filter(([, had]) => had === value).map(([one]) => one)
          expect([...column.posting(number).bitmap]).toEqual(expected.sort((a, b) => a - b))
        })
        for (const one of model.keys()) expect(column.get(one)).toBe(model.get(one))
      }),
      campaign(200),
    )
  })

  it('has an index that grows from two bytes to four where value numbers need it', () => {
    const index = new ForwardIndex()
    index.set(1, 65_534)
    index.set(2, 65_535)
    index.set(3, 4_000_000)
    expect([0, 1, 2, 3].map((one) => index.get(one))).toEqual([-1, 65_534, 65_535, 4_000_000])
    index.set(2, -1)
    expect(index.get(2)).toBe(-1)
    expect(index.get(70_000)).toBe(-1)
  })
})

describe('a category of many values', () => {
  it('is a map from person to a set of values; whoever has one is present, nobody else', () => {
    const edit = fc.record({
      do: fc.constant('edit' as const),
      person,
      remove: fc.array(text, { maxLength: 3 }),
      add: fc.array(text, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(change, edit), { maxLength: 80 }), (changes) => {
        const column = new MultiCategoryColumn(category({ many: true }))
        const model = new Map<number, Set<string>>()
        const of = (one: number): Set<string> => model.get(one) ?? model.set(one, new Set()).get(one)!
        for (const step of changes) {
          if (step.do === 'set') {
            column.set(step.person, step.text === null ? [] : [step.text])
            model.set(step.person, new Set(step.text === null ? [] : [step.text]))
          } else if (step.do === 'edit') {
            column.edit(step.person, step.remove, step.add)
            for (const value of step.remove) of(step.person).delete(value)
            for (const value of step.add) of(step.person).add(value)
          } else if (step.do === 'clearAll') {
            column.clearAll(bitmapOf(step.people))
            for (const one of step.people) model.delete(one)
          } else if (step.do === 'add') {
            column.addMembers(step.text, bitmapOf(step.people))
            for (const one of step.people) of(one).add(step.text)
          } else if (step.do === 'clear') {
            column.clearMembers(step.text, bitmapOf(step.people))
            for (const one of step.people) of(one).delete(step.text)
          } else {
            column.replaceMembers(step.text, bitmapOf(step.people))
            for (const values of model.values()) values.delete(step.text)
            for (const one of step.people) of(one).add(step.text)
          }
        }
        const having = [...model].filter(([, values]) => values.size > 0).map(([one]) => one)
        expect([...column.present.bitmap]).toEqual(having.sort((a, b) => a - b))
        for (const [one, values] of model) expect(new Set(column.get(one) ?? [])).toEqual(values)
      }),
      campaign(200),
    )
  })
})
