import { describe, expect, it } from 'vitest'
import { IdArena } from '../../src/ids/id-arena.ts'
import { batchLength } from '../../src/ids/id-batch.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { codeOf } from './code-of.ts'

function place(arena: IdArena, dense: number) {
  arena.locate(dense)
  return { chunk: arena.foundIn, start: arena.foundStart, end: arena.foundEnd }
}

describe('IdArena', () => {
  it('law 3: wiping overwrites the bytes of one id with zeros, and dropping those of the last', () => {
    const arena = new IdArena()
    for (const id of ['first', 'second', 'third']) arena.append(Buffer.from(id), 0, id.length)
    const second = place(arena, 1)
    arena.wipe(1)
    const bytes = (from: number, to: number) => Buffer.from(second.chunk.bytes.subarray(from, to)).toString('latin1')
    expect(bytes(0, 16)).toBe('first\0\0\0\0\0\0third')
    arena.dropLast()
    expect(bytes(0, 16)).toBe('first\0\0\0\0\0\0\0\0\0\0\0')
    expect(arena.count).toBe(2)
    arena.append(Buffer.from('next'), 0, 4)
    expect(place(arena, 2)).toMatchObject({ start: 11, end: 15 })
  })

  it('law 3: the dictionary wipes what it removes', () => {
    const ids = new IdDictionary()
    ids.addMany(['keep', 'forget', 'keep too'])
    const named = Array.from({ length: batchLength + 2 }, (_, i) => `half added ${i}`)
    const wiped: number[] = []
    const { wipe } = IdArena.prototype
    IdArena.prototype.wipe = function (dense) {
      wiped.push(dense)
      wipe.call(this, dense)
    }
    try {
      ids.remove(1)
      // The first batch of them is added before the last is seen.
      expect(codeOf(() => ids.addMany([...named, '']))).toBe('ID_EMPTY')
    } finally {
      IdArena.prototype.wipe = wipe
    }
    expect(wiped).toEqual([1, ...Array.from({ length: batchLength }, (_, i) => batchLength + 2 - i)])
  })

  it('gives back what it took for ids that are dropped again', () => {
    const ids = new IdDictionary()
    ids.add('a')
    const many = Array.from({ length: 400 }, (_, i) => `${i}`.padStart(20_000, '-'))
    const refuse = () => expect(codeOf(() => ids.addMany([...many, '']))).toBe('ID_EMPTY')
    refuse()
    const { byteSize } = ids
    for (let round = 0; round < 15; round++) refuse()
    expect(ids.byteSize).toBe(byteSize)
    expect(ids.idsOf(ids.addMany(many))).toEqual(many)
  })
})
