import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { createEngine, event, type Millis, number } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'

// What is counted of events is tested with the behaviours; here, that an event counts once.

const day = 86_400_000
const present = (20_000 * day) as Millis
const schema = { order: event({ amount: number() }), refund: event(), click: event({}, { retentionDays: 4 }) }
const shop = (clock = { now: () => present }) => createEngine({ schema, clock })

test('law 13: an event with an id that was seen counts once, whoever has it and whenever it was', () => {
  const crowd = shop()
  const first = { at: present, amount: 1, eventId: 'o1' }
  expect(crowd.track('u1', 'order', first)).toMatchObject({ events: 1 })
  expect(crowd.track('u1', 'order', first)).toMatchObject({ events: 0, duplicates: 1 })
  expect(crowd.track('u2', 'order', { ...first, at: present - 900 * day })).toMatchObject({ duplicates: 1 })
  const pairs = [
    ['u1', first],
    ['u3', { ...first, eventId: 'o2' }],
    ['u4', { ...first, eventId: 'o2' }],
  ] as const
  expect(crowd.trackMany('order', pairs)).toMatchObject({ events: 1, duplicates: 2 })
  expect(crowd.events('u1', 'order')).toEqual([{ ...first, at: new Date(present) }])
  expect(crowd.events('u3', 'order')).toHaveLength(1)
  expect(crowd.events('u4', 'order')).toHaveLength(0)
})

test('law 13: ids are of one kind of event, and exact: a text is no integer, and letters are as they are', () => {
  const crowd = shop()
  const ids: ExternalId[] = ['42', 42, '042', 'é', 'e\u0301', 'É', 2n ** 60n, '1152921504606846976', ' 42']
  for (const eventId of ids) {
    expect(crowd.track('u', 'order', { at: 1, eventId }).events).toBe(1)
    expect(crowd.track('u', 'refund', { at: 1, eventId }).events).toBe(1)
  }
  for (const eventId of [...ids, 42n]) expect(crowd.track('u', 'order', { at: 2, eventId }).duplicates).toBe(1)
  expect(crowd.track('u', 'order', { at: 1 }).events).toBe(1)
  expect(crowd.track('u', 'order', { at: 1 }).events).toBe(1)
  expect(crowd.stats().events[0]).toMatchObject({ events: ids.length + 2, eventIds: ids.length })
  expect(crowd.events('u', 'order').flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))).toEqual(ids)
})

test('law 13: an id is known as long as its event is kept; the event itself is expired afterwards', () => {
  const clock = { time: present as number, now: () => clock.time as Millis }
  const crowd = shop(clock)
  for (let i = 0; i < 40; i++) {
    expect(crowd.track('u', 'click', { at: clock.time, eventId: i }).events).toBe(1)
    expect(crowd.track('u', 'click', { at: clock.time + 3 * day, eventId: `ahead-${i}` }).events).toBe(1)
    for (let back = 0; back <= 8 && back <= i; back++) {
      const [was, now] = [clock.time - back * day, clock.time]
      const again = crowd.track('u', 'click', { at: was, eventId: i - back })
      expect(again).toMatchObject(back <= 4 ? { duplicates: 1 } : { expired: 1 })
      // Of another day, the same id is a duplicate as long as its event is there.
      if (back <= 4) expect(crowd.track('u', 'click', { at: now, eventId: i - back }).duplicates).toBe(1)
    }
    clock.time += day
  }
  crowd.retain()
  const { events, eventIds } = crowd.stats().events[2]!
  expect(eventIds).toBe(events)
  expect(events).toBe(4 + 7)
  expect(crowd.track('u', 'click', { at: clock.time, eventId: 0 }).events).toBe(1)
})

test('law 13: in whatever batches events come, the first of an id is the one that counts', () => {
  const anyEvent = fc.record({ at: fc.nat({ max: 9 }), eventId: fc.option(fc.nat({ max: 8 })) })
  fc.assert(
    fc.property(fc.constantFrom('order', 'click'), fc.array(fc.array(anyEvent, { maxLength: 12 })), (kind, batches) => {
      const [one, many, arrays] = [shop(), shop(), shop()]
      let arrived = 0
      for (const batch of batches) {
        const events = batch.map(({ at, eventId }) => ({ at: present - at * day, eventId, id: arrived++ }))
        for (const { id, ...values } of events) one.track(id, kind as 'click', values)
        many.trackMany(
          kind as 'click',
          events.map(({ id, ...values }) => [id, values] as const),
        )
        arrays.trackColumns(kind as 'click', {
          ids: events.map(({ id }) => id),
          at: events.map(({ at }) => at),
          eventId: events.map(({ eventId }) => eventId),
        })
      }
      for (let id = 0; id < arrived; id++) {
        expect(many.events(id, kind as 'click')).toEqual(one.events(id, kind as 'click'))
        expect(arrays.events(id, kind as 'click')).toEqual(one.events(id, kind as 'click'))
      }
      expect(many.stats().events).toEqual(one.stats().events.map((stats) => ({ ...stats, bytes: expect.any(Number) })))
    }),
    campaign(100),
  )
})
