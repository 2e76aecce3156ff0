import { expect, it } from 'vitest'
import { xxhash32, xxhash32View } from '../../src/base/xxhash32.ts'

it('gives the hashes of the specification', () => {
  const bytes = new TextEncoder().encode('Nobody inspects the spammish repetition')
  expect(xxhash32(bytes, 0, 0, 0)).toBe(0x02cc5d05)
  expect(xxhash32(bytes, 0, bytes.length, 0)).toBe(0xe2293b2f)
})

it('gives the same of bytes and of a view of them, at any place and length', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24)
  const view = new DataView(bytes.buffer)
  for (let start = 0; start < 20; start++) {
    for (let length = 0; start + length <= bytes.length; length++) {
      for (const seed of [0, 0xffff_ffff]) {
        expect(xxhash32View(view, start, length, seed)).toBe(xxhash32(bytes, start, length, seed))
      }
    }
  }
})
