import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uint32Bytes } from '../../src/base/byte-reader.ts'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { bitmapOf, type ReadonlyBitmap, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { writeBitmap } from '../../src/bitmap/bitmap-section.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { columnSection, readColumnSection } from '../../src/columns/column-section.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { type NumberSpec, number, type TimestampSpec, timestamp } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'

const most = Number.MAX_SAFE_INTEGER
const living = rangeBitmap(0, 70_000)

function bytesOf(column: NumberColumn): Uint8Array {
  return Buffer.concat([...columnSection(column)])
}

function read(bytes: Uint8Array, spec: NumberSpec | TimestampSpec = number()): NumberColumn {
  return readColumnSection(bytes, 'column-0', spec, living) as NumberColumn
}

/** A section of bitmaps as they are: present, negative, slices. */
function section(bitmaps: readonly (ReadonlyBitmap | readonly number[])[], count = bitmaps.length - 2): Uint8Array {
  const parts = bitmaps.flatMap((bitmap) => [
    ...writeBitmap(Array.isArray(bitmap) ? bitmapOf(bitmap) : (bitmap as ReadonlyBitmap)),
  ])
  return Buffer.concat([uint32Bytes(count), ...parts])
}

function fault(bytes: Uint8Array, spec: NumberSpec | TimestampSpec = number()): string {
  try {
    read(bytes, spec)
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    expect(error.code).toBe('STORE_CORRUPT')
    return error.message
  }
  return expect.unreachable('the section was taken')
}

describe('the section of a number column', () => {
  it('gives the column again', () => {
    const value = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.maxSafeInteger().filter((given) => given >= -most),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(69_999), value)), (pairs) => {
        const column = new NumberColumn(number())
        for (const [person, given] of pairs) column.set(person, given)
        const again = read(bytesOf(column))
        expect([...again.present.bitmap]).toEqual([...column.present.bitmap])
        for (const [person] of pairs) expect(again.valueOf(person)).toBe(column.valueOf(person))
        expect(again.bounds()).toEqual(column.bounds())
      }),
      campaign(200),
    )
  })

  it('has no slices that older values needed, and is of the moment of a fork', () => {
    const column = new NumberColumn(number())
    column.set(1, 1_000_000)
    column.set(2, -3)
    column.set(1, 2)
    const fork = column.fork()
    const chunks = columnSection(fork)
    column.set(1, 77)
    column.set(3, 5)
    const again = read(Buffer.concat([...chunks]))
    expect(again.slices.length).toBe(2)
    expect([1, 2, 3].map((person) => again.valueOf(person))).toEqual([2, -3, undefined])
  })

  it('an empty one, and one of timestamps', () => {
    expect(read(bytesOf(new NumberColumn(number()))).bounds()).toBeNull()
    const joined = new NumberColumn(timestamp())
    joined.set(1, -8.64e15)
    joined.set(2, 8.64e15)
    expect(read(bytesOf(joined), timestamp()).get(1)).toEqual(new Date(-8.64e15))
  })

  it('cut anywhere, or longer, is refused', () => {
    const column = new NumberColumn(number())
    column.setMany(Uint32Array.of(1, 2, 3), Float64Array.of(300, -4, 7))
    const bytes = bytesOf(column)
    for (let end = 0; end < bytes.length; end++) fault(bytes.subarray(0, end))
    fault(Buffer.concat([bytes, Buffer.of(0)]))
  })

  it('with any bit changed is refused, or a column that holds together', () => {
    const column = new NumberColumn(number({ min: -10, max: 1_000 }))
    column.setMany(Uint32Array.of(1, 2, 3, 60_000), Float64Array.of(300, -4, 7, 1_000))
    const bytes = bytesOf(column)
    const scratch = new Scratch()
    let refusals = 0
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = bytes.slice()
      changed[bit >>> 3]! ^= 1 << (bit & 7)
      let other: NumberColumn
      try {
        other = read(changed, column.spec)
      } catch (error) {
        expect((error as CrowdbitError).code).toBe('STORE_CORRUPT')
        refusals++
        continue
      }
      expect(other.present.bitmap.isSubset(living)).toBe(true)
      expect(other.countRange(-10, 1_000, scratch)).toBe(other.present.size)
      for (const person of other.present.bitmap) {
        const had = other.valueOf(person)!
        expect(other.countRange(had, had, scratch, bitmapOf([person]))).toBe(1)
      }
    }
    expect(refusals).toBeGreaterThan(bytes.length)
    scratch.dispose()
  })

  it('of parts that do not fit is refused, and says why', () => {
    expect(fault(section([[70_000], [], [70_000]]))).toContain('belong to no living person')
    expect(fault(section([[1], [2], [1]]))).toContain(
      'the bitmap of people below 0 has numbers of people without a value',
    )
    expect(fault(section([[1], [], [1, 2]]))).toContain('the bitmap of slice 0 has numbers of people without a value')
    expect(fault(section([[1], [], [1], []]))).toContain('slice 1 says no more than the sign')
    expect(fault(section([[1, 2], [2], [1], [2]]))).toContain('slice 1 says no more than the sign')
    expect(
      fault(
        section(
          Array.from({ length: 56 }, () => [1]),
          54,
        ),
      ),
    ).toContain('it has 54 slices')
    expect(fault(uint32Bytes(0xffff_ffff))).toContain('4294967295 slices')
    expect(fault(section([[1], []], 3))).toContain('the bitmap of slice 0 takes 8 bytes')
  })

  it('of values that the column does not take is refused', () => {
    const five = section([[1], [], [1], [], [1]])
    expect(read(five, number({ min: 5, max: 5 })).valueOf(1)).toBe(5)
    expect(fault(five, number({ max: 4 }))).toContain('it has the value 5, which')
    expect(fault(five, number({ scale: 1, min: '0.6' }))).toContain('it has the value 0.5, which')
    // -2^53: all 53 slices are there for another, and this one is in none of them.
    const others = Array.from({ length: 53 }, () => [2])
    expect(fault(section([[1, 2], [1], ...others]))).toContain('it has the value -9007199254740992, which')
    const late = new NumberColumn(number())
    late.set(1, 8.64e15 + 1)
    expect(fault(bytesOf(late), timestamp())).toContain('it has the value 8640000000000001, which')
  })
})
