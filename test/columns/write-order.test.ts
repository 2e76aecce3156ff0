import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { type Bitmap, bitmapOf, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { orderSection, readOrderSection } from '../../src/columns/order-section.ts'
import { WriteOrder } from '../../src/columns/write-order.ts'
import { campaign } from '../fast-check-config.ts'

const last = 2 ** 53 - 1

function bytesOf(order: WriteOrder, present: Bitmap): Uint8Array {
  return Uint8Array.from([...orderSection(order, present)].flatMap((piece) => [...piece]))
}

function read(bytes: Uint8Array, present: Bitmap, most = last): WriteOrder {
  return readOrderSection(new ByteReader(bytes, 'order'), present, most)
}

function codeOf(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (error instanceof CrowdbitError) return error.code
    throw error
  }
}

/** People at the beginning, the end and the middle of chunks, many and few. */
const person = fc.oneof(
  { arbitrary: fc.nat(40), weight: 4 },
  { arbitrary: fc.nat(3_000), weight: 4 },
  { arbitrary: fc.integer({ min: 65_530, max: 65_545 }), weight: 2 },
  { arbitrary: fc.constantFrom(200_000, 2 ** 32 - 2), weight: 1 },
)
const people = fc.oneof(
  { arbitrary: fc.array(person, { maxLength: 30 }), weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.nat(70_000), fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 20 }))
      .map(([from, count, every]) => Array.from({ length: count }, (_, i) => from + i * every)),
    weight: 2,
  },
)
/** Some orders are far apart, as after billions of writes. */
const ahead = fc.oneof(
  { arbitrary: fc.nat(3), weight: 8 },
  { arbitrary: fc.constantFrom(2 ** 31, 2 ** 33, 2 ** 40), weight: 1 },
)
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('each' as const), people, ahead }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('all' as const), people, ahead }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('clear' as const), people, ahead }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('replace' as const), people, ahead }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('move' as const), people, ahead }), weight: 1 },
)

describe('the order of writes', () => {
  it('is that of a map, whoever writes, and is saved', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        let order = new WriteOrder()
        const present = bitmapOf()
        const model = new Map<number, number>()
        const forks: { fork: WriteOrder; before: Map<number, number> }[] = []
        let now = 0
        for (const { kind, people: given, ahead: more } of steps) {
          now += more
          if (forks.length < 3) forks.push({ fork: order.fork(), before: new Map(model) })
          const all = bitmapOf(given)
          if (kind === 'clear') {
            for (const one of given) model.delete(one)
            present.andNotInPlace(all)
            continue
          }
          if (kind === 'replace') {
            model.clear()
            present.andNotInPlace(rangeBitmap(0, 2 ** 32 - 1))
          }
          for (const one of given) model.set(one, kind === 'move' ? (model.get(given[0]!) ?? now) : now)
          present.orInPlace(all)
          if (kind === 'each') for (const one of given) order.set(one, now)
          else if (kind === 'all') order.setAll(all, now, present)
          else if (kind === 'replace') order.replace(now)
          else for (const one of given) order.set(one, model.get(one)!)
        }
        for (const [one, at] of model)
          if (order.get(one) !== at) throw new Error(`${one}: ${order.get(one)}, not ${at}`)
        for (const { fork, before } of forks) {
          for (const [one, at] of before) if (fork.get(one) !== at) throw new Error(`${one} in a fork`)
        }
        const bytes = bytesOf(order, present)
        order = read(bytes, present)
        for (const [one, at] of model) if (order.get(one) !== at) throw new Error(`${one} read: ${order.get(one)}`)
        expect(bytesOf(order, present)).toEqual(bytes)
      }),
      campaign(150),
    )
  })

  it('of a fork stays, whoever writes first', () => {
    const order = new WriteOrder()
    order.set(1, 1)
    const fork = order.fork()
    order.set(1, 2)
    fork.set(2, 3)
    fork.set(1, 4)
    expect([order.get(1), fork.get(1), fork.get(2)]).toEqual([2, 4, 3])
    const second = order.fork()
    order.set(1, 5)
    expect([order.get(1), second.get(1)]).toEqual([5, 2])
  })

  it('costs next to nothing where many, or new people are written at once', () => {
    const order = new WriteOrder()
    order.setAll(rangeBitmap(0, 1_000_000), 1, rangeBitmap(0, 1_000_000))
    for (let batch = 0; batch < 300; batch++) {
      for (let i = 0; i < 1_000; i++) order.set(1_000_000 + batch * 1_000 + i, 2 + batch)
    }
    order.setAll(rangeBitmap(65_536, 131_072), 500, rangeBitmap(0, 1_300_000))
    expect([order.byteSize, order.get(999_999), order.get(1_299_999), order.get(65_536)]).toEqual([0, 1, 301, 500])
    expect(bytesOf(order, rangeBitmap(0, 1_300_000)).length).toBeLessThan(2_000)
    for (let i = 0; i < 65_536; i += 2) order.set(i, 1_000 + i)
    expect(order.byteSize).toBe(4 * 65_536)
  })
})

describe('a saved order that is not to be trusted', () => {
  const present = bitmapOf([1, 2, 5, 70_000])
  const order = new WriteOrder()
  order.set(1, 300)
  order.set(2, 300)
  order.set(5, 7)
  order.set(70_000, 90_000)
  const good = bytesOf(order, present)

  it.each([
    ['more people than there are', [8, 1, 2, 1]],
    ['a run of nobody', [0, 1, 8, 1]],
    ['a version below 0', [9, 1]],
    ['a version beyond the data', [8, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x0f]],
    ['a number without an end', [8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a number longer than it needs to be', [8, 0x81, 0x00]],
    ['bytes behind the end', [8, 1, 0]],
  ])('%s', (_, bytes) => {
    expect(codeOf(() => read(Uint8Array.from(bytes), present, 1_000_000))).toBe('STORE_CORRUPT')
  })

  it('every truncation, and any change of a byte: refused, or another order', () => {
    for (let length = 0; length < good.length; length++) {
      expect(codeOf(() => read(good.slice(0, length), present))).toBe('STORE_CORRUPT')
    }
    for (let at = 0; at < good.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const bytes = good.slice()
        bytes[at]! ^= bit
        const code = codeOf(() => read(bytes, present, 100_000))
        if (code !== undefined) expect(code).toBe('STORE_CORRUPT')
      }
    }
  })
})
