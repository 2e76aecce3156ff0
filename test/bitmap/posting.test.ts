import { describe, expect, it } from 'vitest'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { Posting } from '../../src/bitmap/posting.ts'

describe('a lent bitmap never changes', () => {
  const writes: Record<string, (posting: Posting) => void> = {
    add: (posting) => posting.add(9),
    delete: (posting) => posting.delete(2),
    addAll: (posting) => posting.addAll(bitmapOf([7, 8])),
    removeAll: (posting) => posting.removeAll(bitmapOf([1])),
    removeMany: (posting) => posting.removeMany([3]),
    addNewRange: (posting) => posting.addNewRange(10, 20),
    replace: (posting) => posting.replace(bitmapOf([5])),
  }
  for (const [name, write] of Object.entries(writes)) {
    it(name, () => {
      const posting = new Posting(bitmapOf([1, 2, 3]))
      const lent = posting.lend()
      write(posting)
      expect([...lent]).toEqual([1, 2, 3])
      expect([...posting.bitmap]).not.toEqual([1, 2, 3])
      // Once copied, the next writes go straight to the copy.
      const copy = posting.bitmap
      posting.add(30)
      expect(posting.bitmap).toBe(copy)
    })
  }

  it('dispose', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const lent = posting.lend()
    posting.dispose()
    expect([...lent]).toEqual([1, 2, 3])
    expect([...posting.bitmap]).toEqual([])
    posting.add(30)
    expect([...posting.bitmap]).toEqual([30])
    expect([...disposed().bitmap]).toEqual([])
  })

  it('a write that changes nothing copies nothing', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const lent = posting.lend()
    expect(posting.add(1)).toBe(false)
    expect(posting.delete(9)).toBe(false)
    posting.addAll(bitmapOf([1, 2]))
    posting.removeAll(bitmapOf([4]))
    expect(posting.bitmap).toBe(lent)
  })

  it('its shape is of the present, after each write', () => {
    const posting = new Posting()
    for (const write of [...Object.values(writes)]) {
      void posting.shape
      write(posting)
      expect(posting.shape.size).toBe(posting.size)
    }
  })
})

describe('a fork', () => {
  it('has the same bitmap until one of the two is written, which copies it', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const fork = posting.fork()
    const { bitmap } = posting
    expect(fork.bitmap).toBe(bitmap)
    posting.add(4)
    expect(fork.bitmap).toBe(bitmap)
    expect([...fork.bitmap]).toEqual([1, 2, 3])
    expect([...posting.bitmap]).toEqual([1, 2, 3, 4])
    // The fork has the bitmap alone now.
    fork.add(5)
    expect(fork.bitmap).toBe(bitmap)
    const copy = posting.bitmap
    posting.add(6)
    expect(posting.bitmap).toBe(copy)
  })

  it('costs nothing when it has ended', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const { bitmap } = posting
    const forks = [posting.fork(), posting.fork()]
    for (const fork of forks) fork.dispose()
    posting.add(4)
    expect(posting.bitmap).toBe(bitmap)
    expect([...posting.bitmap]).toEqual([1, 2, 3, 4])
  })

  it('frees the bitmap with the last of them', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const fork = posting.fork().fork()
    const { bitmap } = fork
    posting.replace(bitmapOf([9]))
    expect([...bitmap]).toEqual([1, 2, 3])
    posting.dispose()
    expect([...bitmap]).toEqual([1, 2, 3])
  })

  it('does not free what is lent, by whichever of them', () => {
    const posting = new Posting(bitmapOf([1, 2, 3]))
    const fork = posting.fork()
    const lent = fork.lend()
    fork.dispose()
    posting.add(4)
    posting.dispose()
    expect([...lent]).toEqual([1, 2, 3])
    const early = new Posting(bitmapOf([1]))
    const first = early.lend()
    const second = early.fork()
    early.dispose()
    second.dispose()
    expect([...first]).toEqual([1])
  })
})

function disposed(): Posting {
  const posting = new Posting(bitmapOf([1]))
  posting.dispose()
  return posting
}
