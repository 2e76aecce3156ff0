import { describe, expect, it } from 'vitest'
import { lineDiff } from '../../scripts/line-diff.ts'

describe('lineDiff', () => {
  it('is empty for equal texts', () => {
    expect(lineDiff('', '')).toEqual([])
    expect(lineDiff('a\nb\n', 'a\nb\n')).toEqual([])
  })

  it('shows what went and what came, with two lines around', () => {
    expect(lineDiff('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nfour\n5\n6\n7')).toEqual([
      '  2',
      '  3',
      '- 4',
      '+ four',
      '  5',
      '  6',
    ])
    expect(lineDiff('a', 'a\nb')).toEqual(['  a', '+ b'])
    expect(lineDiff('a\nb', 'b')).toEqual(['- a', '  b'])
  })
})
