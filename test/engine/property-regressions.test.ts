import { expect, test } from 'vitest'
import { category, createEngine, flag } from '../../src/index.ts'

// The smallest cases of bugs that the property tests found, each with what was wrong.

test('atLeast leaves bitmaps that others still read alone: a part that stands twice', () => {
  const crowd = createEngine({ schema: { a: flag(), b: flag() } })
  crowd.putMany([
    ['u1', { a: true }],
    ['u2', { b: true }],
  ])
  // The counters took over the bitmap of `a xor b`, which was kept because it stands in the rule twice.
  expect(crowd.count('everyone xor not at least 2 of (a xor b, a xor b, b)')).toBe(2)
  expect(crowd.count('at least 2 of (a xor b, b, b) xor (a xor b)')).toBe(1)
  expect(crowd.count('not at least 3 of (a, a, not b, not b)')).toBe(1)
})

test('preview: atLeast leaves the people of its parts alone', () => {
  const crowd = createEngine({ schema: { a: flag(), b: flag() } })
  crowd.put('u1', { a: true, b: true })
  const { nodes } = crowd.preview('at least 1 of (a and b, b)')
  expect(nodes.map(({ count, without }) => [count, without])).toEqual([
    [1, null],
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ])
})

test('an intersection inside another set leaves that set alone', () => {
  const crowd = createEngine({ schema: { a: flag(), b: flag(), tier: category() } })
  crowd.put('u1', { tier: 'x' })
  // `(b or tier = "x") and (a or b)` was built inside the people of `tier != "y"`, and changed these in place.
  expect(crowd.count('tier not in ("y") minus ((b or tier = "x") and (a or b))')).toBe(1)
})
