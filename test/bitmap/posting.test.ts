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
    dispose: (posting) => posting.dispose(),
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
