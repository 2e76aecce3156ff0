import { describe, expect, test } from 'vitest'
import { category, event, type SchemaSpec } from '../../src/index.ts'
import { type EventTerm, makeNode as make, type RuleNode } from '../../src/rules/index.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'

// Law 15, put down by hand. A story is what one person did: `a2` is an event a at the second 2, `a2x` one of the product x.

const schema: SchemaSpec = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, event({ product: category() })]))
const [a, b, c] = ['a', 'b', 'c'].map((name) => make.eventTerm(name)) as [EventTerm, EventTerm, EventTerm]
const seconds = (count: number): ReturnType<typeof make.duration> => make.duration(count, 'seconds')
const then = (
  event: EventTerm,
  within: number | null = null,
  without: EventTerm[] = [],
): ReturnType<typeof make.step> => make.step(event, within === null ? null : seconds(within), without)

const ab = make.sequence([make.step(a), then(b)])
const aa = make.sequence([make.step(a), then(a)])
const abWithin5 = make.sequence([make.step(a), then(b, 5)])
const aWithoutCb = make.sequence([make.step(a), then(b, null, [c])])
const abSame = make.sequence([make.step(a), then(b)], { same: 'product' })
const abAtOnce = make.sequence([make.step(a), then(b)], { allowSameTime: true })
const aaAtOnce = make.sequence([make.step(a), then(a)], { allowSameTime: true })
const aNotB = make.sequence([make.step(a)], { absence: { events: [b], within: seconds(5) } })
const aNotBSame = make.sequence([make.step(a)], { absence: { events: [b], within: seconds(5) }, same: 'product' })
const window = make.rangeWindow('1970-01-01T00:00:02Z', '1970-01-01T00:00:06Z')

/** `asOf` is the second 10. */
const stories: readonly (readonly [law: string, node: RuleNode, story: string, holds: boolean])[] = [
  ['in order', ab, 'a1 b2', true],
  ['not the other way', ab, 'b1 a2', false],
  ['strictly later in time', ab, 'a1 b1', false],
  ['the same time, when it is allowed', abAtOnce, 'a1 b1', true],
  ['the same time, however they were written', abAtOnce, 'b1 a1', true],
  ['not earlier, even then', abAtOnce, 'b1 a2', false],
  ['one event is not two steps', aaAtOnce, 'a1', false],
  ['two events at one time are two', aaAtOnce, 'a1 a1', true],
  ['two events at one time are not in order', aa, 'a1 a1', false],
  ['others in between do not matter', ab, 'a1 c2 a3 b4', true],
  ['law 11: what is after asOf is not seen', ab, 'a1 b11', false],
  ['what is at asOf is seen', ab, 'a1 b10', true],

  ['the longest gap is included', abWithin5, 'a1 b6', true],
  ['a gap that is too long', abWithin5, 'a1 b6.001', false],
  ['any chain is enough, not only the first', abWithin5, 'a1 a4 b9', true],
  ['nor only the last', abWithin5, 'a1 b2 a9', true],
  ['each gap by itself', make.sequence([make.step(a), then(b, 5), then(c, 5)]), 'a1 b6 c10', true],
  [
    'a later first step may serve the second gap',
    make.sequence([make.step(a), then(b, 2), then(c, 2)]),
    'a1 b2 a5 b6 c8',
    true,
  ],

  ['without', aWithoutCb, 'a1 c2 b3', false],
  ['without, from a later first step on', aWithoutCb, 'a1 c2 a3 b4', true],
  ['without is strictly between: at the first step', aWithoutCb, 'a1 c1 b3', true],
  ['without is strictly between: at the second step', aWithoutCb, 'a1 c3 b3', true],
  ['without an event of the same kind as a step', make.sequence([make.step(a), then(b, null, [a])]), 'a1 a2 b3', true],

  ['same', abSame, 'a1x b2x', true],
  ['same: another value', abSame, 'a1x b2y', false],
  ['same: an absent property never links', abSame, 'a1 b2', false],
  ['same: any chain', abSame, 'a1x a2y b3y', true],
  ['same: of all steps', make.sequence([make.step(a), then(b), then(c)], { same: 'product' }), 'a1x b2x c3y', false],
  [
    'same: what is without counts with that value only',
    make.sequence([make.step(a), then(b, null, [c])], { same: 'product' }),
    'a1x c2y b3x',
    true,
  ],
  [
    'same: and then it does',
    make.sequence([make.step(a), then(b, null, [c])], { same: 'product' }),
    'a1x c2x b3x',
    false,
  ],

  ['absence: nothing came', aNotB, 'a1', true],
  ['absence: it came', aNotB, 'a1 b3', false],
  ['absence: the end is included', aNotB, 'a1 b6', false],
  ['absence: it came later', aNotB, 'a1 b6.001', true],
  ['absence: the very time of the last step is not after it', aNotB, 'a1 b1', true],
  ['absence: not known yet', aNotB, 'a5.001', false],
  ['absence: known just now', aNotB, 'a5', true],
  ['absence: any chain is enough', aNotB, 'a1 b2 a4', true],
  [
    'absence: of any of several',
    make.sequence([make.step(a)], { absence: { events: [b, c], within: seconds(5) } }),
    'a1 c2',
    false,
  ],
  ['absence: with the same value only', aNotBSame, 'a1x b2y', true],
  ['absence: with the same value', aNotBSame, 'a1x b2x', false],
  ['absence: same needs a value of the one step', aNotBSame, 'a1', false],

  ['each step inside the window', make.sequence([make.step(a), then(b)], { window }), 'a2 b5', true],
  ['the first step before it', make.sequence([make.step(a), then(b)], { window }), 'a1 b5', false],
  ['the end of the window is not in it', make.sequence([make.step(a), then(b)], { window }), 'a2 b6', false],
  [
    'what is absent is looked for behind the window too',
    make.sequence([make.step(a)], { absence: { events: [b], within: seconds(5) }, window }),
    'a3 b7',
    false,
  ],
]

describe('law 15', () => {
  test.each(stories)('%s', (_, node, story, holds) => {
    const people = new ReferencePopulation(schema, { now: 10_000 })
    for (const [, name, second, product] of story.matchAll(/([abc])([\d.]+)([xy]?)/g)) {
      people.track(name!, 'u', { at: Number(second) * 1_000, product: product === '' ? null : product! })
    }
    expect(people.ids(node)).toEqual(holds ? ['u'] : [])
  })

  test('who did nothing is in no sequence', () => {
    const people = new ReferencePopulation(schema, { now: 10_000 })
    people.put('u', {})
    expect([ab, aNotB].flatMap((node) => people.ids(node))).toEqual([])
  })
})
