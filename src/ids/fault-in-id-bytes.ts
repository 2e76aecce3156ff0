import { integerMark, maxIdBytes } from './encode-id.ts'

/**
 * What is wrong with bytes that should be an encoded id, or `undefined` where nothing is: not UTF-8 (surrogates and
 * overlong forms included), an integer with more bytes than it needs, or a wrong length. Reads `[start, end)`.
 *
 * Cost: bytes of the id.
 */
export function faultInIdBytes(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start
  if (length < 1 || length > maxIdBytes) return `an id of ${length} bytes`
  if (bytes[start] === integerMark) {
    if (length > 9) return `an integer id of ${length - 1} bytes`
    return length > 1 && bytes[end - 1] === 0 ? 'an integer id with leading zeros' : undefined
  }
  let at = start
  while (at < end) {
    const first = bytes[at]!
    if (first < 0x80) {
      at++
      continue
    }
    const more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0
    if (more === 0 || at + more >= end) return 'an id that is not UTF-8'
    const second = bytes[at + 1]!
    // Overlong forms, surrogates, and what lies beyond U+10FFFF show in the second byte.
    const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
    const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return 'an id that is not UTF-8'
    for (let k = 2; k <= more; k++) if ((bytes[at + k]! & 0xc0) !== 0x80) return 'an id that is not UTF-8'
    at += more + 1
  }
  return undefined
}
