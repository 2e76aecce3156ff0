import fc from 'fast-check'
import { unpack } from 'msgpackr'
import { expect, test } from 'vitest'
import { copyPlainData, type PlainData, packPlainData } from '../../src/store/plain-data.ts'
import { unpackPlainData } from '../../src/store/plain-data-reader.ts'

const leaf = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.double().map((value) => value + 0),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    127,
    128,
    255,
    256,
    65535,
    65536,
    2 ** 32 - 1,
    2 ** 32,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32768,
    -32769,
    -(2 ** 31),
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('x'.repeat(31), 'x'.repeat(32), '字'.repeat(100), '\ufeffmark', 'é'.repeat(40_000)),
)
const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom('constructor', 'toJSON', 'prototype', 'hasOwnProperty', 'length', '1'),
)
const { data } = fc.letrec<{ data: PlainData }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('data'), { maxLength: 20 }),
    fc.dictionary(
      key.filter((text) => text !== '__proto__'),
      tie('data') as fc.Arbitrary<PlainData>,
      { noNullPrototype: true },
    ),
  ) as fc.Arbitrary<PlainData>,
}))

test('what is packed comes back, and is the MessagePack that others read', () => {
  fc.assert(
    fc.property(data, (value) => {
      const bytes = packPlainData(value)
      const back = unpackPlainData(bytes)
      expect(back).toEqual(value)
      expect(back).toEqual(unpack(Buffer.from(bytes)))
      expect(copyPlainData(value)).toEqual(value)
    }),
  )
})

test('lists and objects of every header', () => {
  for (const length of [0, 15, 16, 65535, 65536]) {
    const list = Array.from({ length }, (_, i) => i)
    expect(unpackPlainData(packPlainData(list))).toEqual(list)
    const object = Object.fromEntries(list.map((i) => [`k${i}`, i]))
    expect(unpackPlainData(packPlainData(object))).toEqual(object)
  }
})

test('what is not plain data is refused when it is packed', () => {
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const proto = JSON.parse('{"__proto__": 1}') as unknown
  for (const value of [
    undefined,
    1n,
    Symbol('x'),
    () => 1,
    new Date(),
    new Map(),
    new Uint8Array(1),
    cyclic,
    proto,
    '\ud800',
    { a: undefined },
  ]) {
    expect(() => packPlainData(value as PlainData)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  }
})

test('the deepest is as deep for packing as for reading', () => {
  let deepest: PlainData = 1
  for (let depth = 1; depth < 1000; depth++) deepest = depth % 2 === 0 ? [deepest] : { a: deepest }
  expect(unpackPlainData(packPlainData(deepest))).toEqual(deepest)
  const deeper = [deepest]
  expect(() => packPlainData(deeper)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
})
