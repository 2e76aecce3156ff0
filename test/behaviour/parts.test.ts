import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/steps.ts'
import type { Accumulator } from '../../src/behaviour/accumulator.ts'
import { AndTest } from '../../src/behaviour/and-test.ts'
import { testBytes } from '../../src/behaviour/byte-counters.ts'
import { CategoryTest } from '../../src/behaviour/category-test.ts'
import { CountAccumulator } from '../../src/behaviour/count-accumulator.ts'
import { DidAccumulator } from '../../src/behaviour/did-accumulator.ts'
import { ceilAt, exactDecimal, floorAt } from '../../src/behaviour/exact-decimal.ts'
import { isInRange } from '../../src/behaviour/number-range.ts'
import { NumberRangeTest } from '../../src/behaviour/number-row-test.ts'
import { peopleSteps } from '../../src/behaviour/people-steps.ts'
import type { RowTest } from '../../src/behaviour/row-test.ts'
import { RowsAhead } from '../../src/behaviour/rows-ahead.ts'
import { SameInstant } from '../../src/behaviour/same-instant.ts'
import { selectCode } from '../../src/behaviour/select-code.ts'
import { AverageTest } from '../../src/behaviour/total-test.ts'
import { TruthTable } from '../../src/behaviour/truth-table.ts'
import { type Bitmap, bitmapOf } from '../../src/bitmap/bitmap.ts'
import { BitmapWriter } from '../../src/bitmap/bitmap-writer.ts'
import { ValueDictionary } from '../../src/columns/value-dictionary.ts'
import type { EventDay } from '../../src/events/event-day.ts'
import { campaign } from '../fast-check-config.ts'
import { draw } from '../store/draw.ts'

const peopleOf = (...of: Parameters<typeof peopleSteps>): Bitmap => finish(peopleSteps(...of))

function wordsOf(lows: Iterable<number>): Int32Array {
  const words = new Int32Array(2_048)
  for (const low of lows) words[low >>> 5] = words[low >>> 5]! | (1 << low)
  return words
}

describe('BitmapWriter', () => {
  const low = fc.integer({ min: 0, max: 65_535 })
  const container = fc.oneof(
    fc.array(low, { maxLength: 50 }),
    // Around 4,096 values a container becomes another kind.
    fc
      .tuple(fc.integer({ min: 4_090, max: 4_100 }), fc.integer({ min: 0, max: 60_000 }))
      .map(([count, from]) => Array.from({ length: count }, (_, i) => from + i)),
    fc.constant(Array.from({ length: 65_536 }, (_, i) => i)),
  )
  it('writes what bitmaps read', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(0, 1, 2, 7, 40_000, 65_535)), fc.array(container), (keys, parts) => {
        const writer = new BitmapWriter()
        const expected: number[] = []
        keys
          .sort((a, b) => a - b)
          .forEach((key, i) => {
            const part = parts[i] ?? []
            writer.add(key, wordsOf(part))
            for (const value of part) expected.push(key * 65_536 + value)
          })
        const bitmap = writer.finish()
        expect(bitmap.isEqual(bitmapOf(expected))).toBe(true)
        bitmap.dispose()
      }),
      campaign(50),
    )
  })
})

describe('rows of a category', () => {
  const codes = fc.array(fc.constantFrom(0, 1, 2, 44, 127, 128, 129, 254, 255), { maxLength: 200 })
  it('finds one code, four at a time, as code by code', () => {
    fc.assert(
      fc.property(codes, fc.constantFrom(1, 44, 127, 128, 255), fc.nat(200), fc.nat(200), (given, code, a, b) => {
        const lo = Math.min(a, b, given.length)
        const hi = Math.min(Math.max(a, b), given.length)
        const rows = new Uint32Array(201)
        const found = selectCode(Uint8Array.from(given), lo, hi, code, rows)
        const expected = given.flatMap((other, row) => (other === code && row >= lo && row < hi ? [row] : []))
        expect([...rows.subarray(0, found)]).toEqual(expected)
      }),
      campaign(500),
    )
  })

  it('finds rows by a code and a number as one after the other', () => {
    const dictionary = new ValueDictionary()
    for (let value = 1; value <= 255; value++) dictionary.add(`${value}`)
    const values = fc.constantFrom(-(2 ** 31), -(2 ** 31) + 1, -1, 0, 1, 5, 2 ** 31 - 1)
    const bound = fc.oneof(values, fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 2 ** 40))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1, 1, 44, 128), values), { maxLength: 200 }),
        fc.constantFrom<readonly string[]>(['1'], ['128'], ['1', '44']),
        fc.record({ lo: bound, hi: bound, outside: fc.boolean() }),
        fc.tuple(fc.nat(200), fc.nat(200), fc.boolean()),
        (given, texts, range, [a, b, swap]) => {
          const lo = Math.min(a, b, given.length)
          const hi = Math.min(Math.max(a, b), given.length)
          const codes = Uint8Array.from(given, ([code]) => code)
          const ints = Int32Array.from(given, ([, value]) => value)
          const properties = new Map<string, unknown>([
            ['of', { kind: 'category', codes }],
            ['amount', { kind: 'number', values: ints, absent: -(2 ** 31) }],
          ])
          const parts = [
            new CategoryTest('of', new TruthTable(dictionary, { texts, listed: true })),
            new NumberRangeTest('amount', range),
          ]
          const rows = new Uint32Array(201)
          const test = new AndTest(swap ? parts.reverse() : parts)
          const found = test.select({ properties } as unknown as EventDay, lo, hi, rows)
          const expected = given.flatMap(([code, value], row) =>
            row >= lo && row < hi && texts.includes(`${code}`) && value !== -(2 ** 31) && isInRange(range, value)
              ? [row]
              : [],
          )
          expect([...rows.subarray(0, found)]).toEqual(expected)
        },
      ),
      campaign(500),
    )
  })

  it('finds nothing of a code that the array of a day is too narrow for, and reads arrays that begin anywhere', () => {
    const dictionary = new ValueDictionary()
    for (let value = 0; value < 400; value++) dictionary.add(`value ${value}`)
    const test = (value: number): CategoryTest =>
      new CategoryTest('of', new TruthTable(dictionary, { texts: [`value ${value}`], listed: true }))
    const codes = Uint8Array.from({ length: 301 }, (_, i) => i % 256).subarray(1)
    const day = { properties: new Map([['of', { kind: 'category', codes }]]) } as unknown as EventDay
    const rows = new Uint32Array(300)
    // Code 300 has the lower byte of code 44.
    expect(test(299).select(day, 0, 300, rows)).toBe(0)
    expect(test(43).select(day, 0, 300, rows)).toBe(2)
    expect([...rows.subarray(0, 2)]).toEqual([43, 299])
  })
})

describe('RowsAhead', () => {
  it('finds what a selection finds, in order, again, and with another test between', () => {
    const spec = { kind: 'constant', value: 1 } as const
    const even: RowTest = { spec, mask: (_day, lo, hi, out) => fillMask(out, lo, hi, (row) => row % 2 === 0) }
    const third: RowTest = { spec, mask: (_day, lo, hi, out) => fillMask(out, lo, hi, (row) => row % 3 === 0) }
    const size = 100_000
    const day = { size } as unknown as EventDay
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6_000), fc.nat(9)), { maxLength: 60 }), (steps) => {
        const ahead = new RowsAhead()
        const [rows, scratch] = [new Uint32Array(16_384), new Uint8Array(16_384)]
        let [before, lo] = [0, 0]
        for (const [length, kind] of steps) {
          // Now and then the same rows once more, others in between, or another test.
          if (kind === 0) lo = before
          if (kind === 1) lo = Math.min(size, lo + 20_000)
          const hi = Math.min(size, lo + length)
          const test = kind === 2 ? third : even
          const found = ahead.select(test, day, lo, hi, rows, scratch)
          const part = test === even ? 2 : 3
          expect(found).toBe(Math.ceil(hi / part) - Math.ceil(lo / part))
          for (let i = 0; i < found; i++) if (rows[i] !== (Math.ceil(lo / part) + i) * part) expect(i).toBe(-1)
          before = lo
          lo = hi
        }
      }),
      campaign(100),
    )
  })
})

function fillMask(out: Uint8Array, lo: number, hi: number, passes: (row: number) => boolean): void {
  for (let row = lo; row < hi; row++) out[row - lo] = Number(passes(row))
}

describe('testBytes', () => {
  it('finds the bytes in a range', () => {
    const bound = fc.oneof(
      fc.constantFrom(
        Number.NEGATIVE_INFINITY,
        -1,
        0,
        1,
        2,
        127,
        128,
        129,
        254,
        255,
        256,
        1e9,
        Number.POSITIVE_INFINITY,
      ),
      fc.integer({ min: 0, max: 260 }),
    )
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        bound,
        bound,
        fc.boolean(),
        (counts, lo, hi, outside) => {
          const words = new Int32Array(2)
          testBytes(counts, { lo, hi, outside }, words)
          const isFound = (low: number): boolean => (words[low >>> 5]! & (1 << low)) !== 0
          const isRight = (low: number): boolean => counts[low] !== 0 && isInRange({ lo, hi, outside }, counts[low]!)
          expect([...counts.keys()].filter(isFound)).toEqual([...counts.keys()].filter(isRight))
        },
      ),
      campaign(1_000),
    )
  })
})

describe('SameInstant', () => {
  it('finds as many steps as there are events of their own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        fc.nat(4),
        (table, first) => {
          const fits = (event: number, step: number): boolean => table[event]![step]!
          const place = (step: number, last: number, used: readonly number[]): boolean =>
            step > last ||
            table.some(
              (_, event) => !used.includes(event) && fits(event, step) && place(step + 1, last, [...used, event]),
            )
          let last = first - 1
          while (last < 4 && place(first, last + 1, [])) last++
          expect(new SameInstant().lastFrom(first, 5, table.length, fits)).toBe(last)
        },
      ),
      campaign(500),
    )
  })
})

describe('exact decimals', () => {
  it.each([
    ['1.5', 0, 1n, 2n],
    ['-1.5', 0, -2n, -1n],
    ['1.50', 2, 150n, 150n],
    ['1e3', 0, 1000n, 1000n],
    ['-12.345e1', 1, -1235n, -1234n],
    [0.1, 2, 10n, 10n],
    [1e21, 0, 10n ** 21n, 10n ** 21n],
    ['.5', 0, 0n, 1n],
  ])('%s at scale %d', (text, scale, floor, ceil) => {
    expect(floorAt(exactDecimal(text), scale)).toBe(floor)
    expect(ceilAt(exactDecimal(text), scale)).toBe(ceil)
  })

  it('averages in doubles are those in whole numbers of any size', () => {
    const limit = 2 ** 53 - 1
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -limit, max: limit })),
        fc.integer({ min: 1, max: 1_000 }),
        fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'),
        fc.oneof(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -limit, max: limit })),
        fc.nat(6),
        (sum, count, op, constant, digits) => {
          const test = new AverageTest({ op, value: `${constant}e-${digits}` }, 0)
          expect(test.passes(sum, count)).toBe(test.passesExactly(BigInt(sum), count))
          const difference = BigInt(sum) * 10n ** BigInt(digits) - BigInt(constant) * BigInt(count)
          const holds = {
            eq: difference === 0n,
            ne: difference !== 0n,
            lt: difference < 0n,
            lte: difference <= 0n,
            gt: difference > 0n,
            gte: difference >= 0n,
          }
          expect(test.passes(sum, count)).toBe(holds[op])
        },
      ),
      campaign(500),
    )
  })
})

describe('TruthTable', () => {
  it('grows with its dictionary', () => {
    const dictionary = new ValueDictionary()
    const listed = new TruthTable(dictionary, { texts: ['b', 'z'], listed: true })
    const others = new TruthTable(dictionary, { texts: ['b', 'z'], listed: false })
    const long = new TruthTable(dictionary, { passes: (text) => text.length > 1 })
    const of = (table: TruthTable): number[] => [...table.table.subarray(0, dictionary.size + 1)]
    expect([of(listed), of(others), of(long)]).toEqual([[0], [0], [0]])
    for (const text of ['a', 'b']) dictionary.add(text)
    expect([of(listed), of(others), of(long)]).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ])
    for (let i = 0; i < 600; i++) dictionary.add(`text ${i}`)
    dictionary.add('z')
    expect(of(listed).filter((truth) => truth === 1)).toHaveLength(2)
    expect(of(others).filter((truth) => truth === 0)).toHaveLength(3)
    expect(of(long).filter((truth) => truth === 1)).toHaveLength(600)
  })
})

describe('peopleOf', () => {
  it('divides the people of a container where an accumulator takes few rows', () => {
    const people = Uint32Array.from([0, 0, 0, 0, 1, 2, 2, 3, 65_535, 65_536, 65_536, 131_071, 4_294_967_295])
    const day = {
      day: 1,
      start: 0,
      end: 1,
      size: people.length,
      version: 1,
      people,
      times: new Uint32Array(13),
      properties: new Map(),
    }
    const term = { id: 1, name: 'buy', events: null as never, test: null }
    let most = 0
    let rows = 0
    const did = new DidAccumulator([term])
    const few: Accumulator = {
      maxRows: 3,
      take(piece, lo, hi) {
        rows += hi - lo
        did.take(piece, lo, hi)
      },
      emit(words) {
        most = Math.max(most, rows)
        rows = 0
        return did.emit(words)
      },
      one: (low) => did.one(low),
    }
    const log = { events: 0 }
    const pieces = [{ term: 0, day: day as unknown as EventDay, from: 0, to: Number.POSITIVE_INFINITY }]
    expect([...peopleOf(pieces, few, log)]).toEqual([...new Set(people)])
    // One person's rows are never divided.
    expect(most).toBe(4)
    expect(log.events).toBe(people.length)
  })
})

describe('CountAccumulator', () => {
  it('counts few rows and many, of one day and of several, low counts and high ones', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            rows: fc.oneof(fc.nat(60), fc.constantFrom(4_095, 4_096, 4_097), fc.nat(9_000)),
            spread: fc.constantFrom(1, 3, 500, 65_536, 180_000),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.record({ lo: fc.constantFrom(1, 2, 3, 255, 256), more: fc.constantFrom(0, 1, 300), outside: fc.boolean() }),
        fc.constantFrom('count' as const, 'days' as const),
        fc.nat(),
        (days, { lo, more, outside }, counted, seed) => {
          const random = draw(seed)
          const range = { lo, hi: lo + more, outside }
          const model = new Map<number, number>()
          const pieces = days.map(({ rows, spread }, day) => {
            const people = Uint32Array.from({ length: rows }, () => random(spread)).sort()
            const ofDay = new Set<number>()
            for (const person of people) {
              if (counted === 'days' && ofDay.has(person)) continue
              ofDay.add(person)
              model.set(person, (model.get(person) ?? 0) + 1)
            }
            const look = { day, start: 0, end: 1, size: rows, version: 1, people, times: new Uint32Array(rows) }
            return {
              term: 0,
              day: { ...look, properties: new Map() } as unknown as EventDay,
              from: 0,
              to: Number.POSITIVE_INFINITY,
            }
          })
          const accumulator = new CountAccumulator([{ test: null }], range, counted)
          const expected = [...model].filter(([, count]) => isInRange(range, count)).map(([person]) => person)
          for (let again = 0; again < 2; again++) {
            const found = peopleOf(
              pieces.filter(({ day }) => day.size > 0),
              accumulator,
              { events: 0 },
            )
            expect([...found]).toEqual(expected.sort((a, b) => a - b))
          }
        },
      ),
      campaign(120),
    )
  })
})
