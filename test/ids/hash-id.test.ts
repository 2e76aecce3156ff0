import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashId } from '../../src/ids/hash-id.ts'
import { runs } from './code-of.ts'

/** HalfSipHash-1-3 as its reference code has it, byte by byte; then both halves of the final state. */
function slowHash(bytes: Uint8Array, key0: number, key1: number): [high: number, low: number] {
  const v = [key0, key1, key0 ^ 0x6c796765, key1 ^ 0x74656462]
  const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by))
  const round = () => {
    v[0] = (v[0]! + v[1]!) | 0
    v[1] = rotate(v[1]!, 5) ^ v[0]
    v[0] = rotate(v[0], 16)
    v[2] = (v[2]! + v[3]!) | 0
    v[3] = rotate(v[3]!, 8) ^ v[2]
    v[0] = (v[0] + v[3]) | 0
    v[3] = rotate(v[3], 7) ^ v[0]
    v[2] = (v[2] + v[1]) | 0
    v[1] = rotate(v[1], 13) ^ v[2]
    v[2] = rotate(v[2], 16)
  }
  const whole = bytes.length - (bytes.length % 4)
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    v[3]! ^= word
    round()
    v[0]! ^= word
  }
  let last = bytes.length << 24
  for (let i = whole; i < bytes.length; i++) last |= bytes[i]! << (8 * (i - whole))
  v[3]! ^= last
  round()
  v[0]! ^= last
  v[2]! ^= 0xee
  for (let i = 0; i < 3; i++) round()
  return [v[1]! ^ v[3]!, v[0]! ^ v[2]!]
}

function fastHash(bytes: Uint8Array, key0: number, key1: number, before = 0, behind = 0): [high: number, low: number] {
  // What lies around the bytes is no part of the hash.
  const around = new Uint8Array(before + bytes.length + behind).fill(0xa5)
  around.set(bytes, before)
  const high = new Int32Array(1)
  const low = new Int32Array(1)
  hashId(new DataView(around.buffer), before, before + bytes.length, key0, key1, high, low, 0)
  return [high[0]!, low[0]!]
}

describe('hashId', () => {
  it('is what saved tables were made with', () => {
    const hash = (text: string) => fastHash(Buffer.from(text), 7, 0x5bd1e995)
    expect(hash('')).toEqual([1_813_904_312, 1_029_535_781])
    expect(hash('user-1')).toEqual([-918_475_385, 1_862_546_079])
    expect(hash('oXy1-精致妈妈')).toEqual([1_948_985_360, -1_525_655_953])
    expect(hash('x'.repeat(300))).toEqual([-499_627_858, 1_390_288_041])
  })

  it('is the slow one, of any bytes at any place, up to the last byte that there is', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(bytes, fc.integer(), fc.integer(), fc.nat(9), fc.nat(9), (given, key0, key1, before, behind) => {
        expect(fastHash(given, key0, key1, before, behind)).toEqual(slowHash(given, key0, key1))
      }),
      runs(1000),
    )
  })
})
