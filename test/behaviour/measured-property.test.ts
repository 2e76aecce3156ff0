import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { EventNode } from '../../src/rules/ast.ts'
import { decimalOf } from '../../src/testing/reference-numbers.ts'
import type { ReferenceEvent, ReferenceValue, ReferenceView } from '../../src/testing/reference-view.ts'
import { campaign } from '../fast-check-config.ts'
import { amountOf, chainOf, occurrencesOf } from '../testing/reference-measured.ts'
import { kinds, people, plainEvent, question, settings } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent, PlainValue } from './plain-events.ts'

const hour = 3_600_000

describe('law 23: what a person’s events come to is what the reference says', () => {
  it('numbers and moments, with numbers of any size, across zones', () => {
    const asked = fc.constantFrom(...settings).chain(([zone, around]) => {
      const middle = Date.parse(around)
      return fc.record({
        zone: fc.constant(zone),
        middle: fc.constant(middle),
        events: fc.array(plainEvent(middle), { maxLength: 30 }),
        node: question(middle).filter(({ kind }) => kind !== 'sequence'),
      })
    })
    const found = new Map<string, number>()
    fc.assert(
      fc.property(asked, ({ zone, middle, events, node }) => {
        const what = node.kind === 'behaviour' ? node.measure : node.kind
        found.set(what, (found.get(what) ?? 0) + checkAll(zone, events, node, middle))
      }),
      campaign(600),
    )
    // Where there are enough runs, every measure is met by people who have such events; those who have none are many.
    for (const what of ['count', 'days', 'recency', 'distinct', 'sum', 'avg', 'min', 'max', 'first', 'last']) {
      expect(found.get(what) ?? 0, what).toBeGreaterThan(0)
    }
  })

  it('chains, among events most of which are at the same instants', () => {
    const [zone, around] = settings[0]!
    const middle = Date.parse(around)
    const event = fc
      .tuple(plainEvent(middle), fc.nat(4))
      .map(([one, ago]): PlainEvent => ({ ...one, person: one.person % 2, at: middle - ago * hour }))
    const asked = fc.record({
      events: fc.array(event, { minLength: 4, maxLength: 14 }),
      node: question(middle).filter(({ kind }) => kind === 'sequence'),
      later: fc.constantFrom(0, hour, 24 * 30 * hour),
    })
    let chains = 0
    fc.assert(
      fc.property(asked, ({ events, node, later }) => {
        chains += checkAll(zone, events, node, middle + later)
      }),
      campaign(800),
    )
    expect(chains).toBeGreaterThan(0)
  })
})

/** Checks what each person comes to, and says of how many there is anything. */
function checkAll(zone: string, events: readonly PlainEvent[], node: EventNode, asOf: number): number {
  const world = new EventWorld(zone, kinds)
  world.add(events, asOf)
  const behaviours = new Behaviours(world)
  const view = viewOf(zone, events, asOf)
  let some = 0
  for (const person of people) {
    const measured = behaviours.measured(node, person, asOf)
    if (measured !== null && measured !== 0) some++
    switch (node.kind) {
      case 'behaviour':
        expect(measured).toBe(amountOf(node, person, view))
        break
      case 'first':
      case 'last': {
        const expected = occurrencesOf(node, person, view).map((one) => ({ kind: 'event', ...one }))
        if (expected.length === 0) expect(measured).toBeNull()
        else expect(expected).toContainEqual(measured)
        break
      }
      case 'sequence': {
        const at = chainOf(node, person, view)
        expect(measured).toEqual(at === null ? null : { kind: 'chain', at })
        expect(at !== null).toBe(world.plain.has(node, person, asOf))
      }
    }
  }
  behaviours.clear()
  return some
}

/** Plain events as the reference has them. */
function viewOf(timeZone: string, events: readonly PlainEvent[], asOf: number): ReferenceView {
  const byPerson = new Map<number, ReferenceEvent[]>()
  for (const { kind, person, at, values } of events) {
    const properties = new Map<string, ReferenceValue>()
    for (const [name, value] of Object.entries(values))
      if (value !== undefined) properties.set(name, referenceValue(value))
    byPerson.set(person, [...(byPerson.get(person) ?? []), { event: kind, at, eventId: null, properties }])
  }
  return {
    people: new Map(people.map((person) => [person, new Map()])),
    events: byPerson,
    audiences: new Map(),
    timeZone,
    asOf,
  }
}

function referenceValue(value: PlainValue): ReferenceValue {
  if ('text' in value) return value.text
  return 'decimal' in value ? decimalOf(value.decimal) : true
}
