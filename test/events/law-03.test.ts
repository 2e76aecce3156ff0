import { expect, test } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { EventColumn } from '../../src/events/event-column.ts'
import { category, createEngine, event, type Millis, number } from '../../src/index.ts'

const present = Date.UTC(2026, 10, 21) as Millis
const hour = 3_600_000
const schema = { purchase: event({ product: category(), amount: number() }) }
const population = () => createEngine({ schema, clock: { now: () => present } })

test('law 3: a removed person has no event, and who comes with the same id is somebody new', () => {
  const crowd = population()
  for (let i = 0; i < 30; i++) crowd.track(`u${i % 3}`, 'purchase', { at: present - i * 5 * hour, amount: i })
  expect(crowd.remove('u1')).toBe(true)
  expect(crowd.stats().events[0]).toMatchObject({ events: 20 })
  expect(crowd.events('u1', 'purchase')).toEqual([])
  crowd.put('u1', {})
  expect(crowd.events('u1', 'purchase')).toEqual([])
  expect(crowd.events('u0', 'purchase')).toHaveLength(10)
  expect(crowd.events('u2', 'purchase').map(({ amount }) => amount)).toEqual([29, 26, 23, 20, 17, 14, 11, 8, 5, 2])
})

test('law 3: many people at once leave the events in the same way', () => {
  const crowd = population()
  const rows = Array.from(
    { length: 5_000 },
    (_, i) => [`u${i % 400}`, { at: present - (i % 70) * hour, amount: i }] as const,
  )
  crowd.trackMany('purchase', rows)
  crowd.removeMany(Array.from({ length: 300 }, (_, i) => `u${i + 50}`))
  const left = rows.filter(([id]) => Number(id.slice(1)) < 50 || Number(id.slice(1)) >= 350)
  expect(crowd.stats().events[0]).toMatchObject({ events: left.length })
  for (const id of ['u0', 'u49', 'u350', 'u399']) {
    const amounts = left.filter(([other]) => other === id).map(([, { amount }]) => amount)
    expect(new Set(crowd.events(id, 'purchase').map(({ amount }) => amount))).toEqual(new Set(amounts))
  }
  for (const id of ['u50', 'u349']) expect(crowd.events(id, 'purchase')).toEqual([])
})

test("law 3: the ids of a removed person's events are forgotten, since they are what is known of the person", () => {
  const crowd = population()
  crowd.track('u1', 'purchase', { at: present, eventId: 'order-of-u1' })
  crowd.track('u2', 'purchase', { at: present, eventId: 'order-of-u2' })
  crowd.remove('u1')
  expect(crowd.stats().events[0]).toMatchObject({ events: 1, eventIds: 1 })
  // So an event that comes again is counted, for the somebody new whom it makes of the id.
  expect(crowd.track('u1', 'purchase', { at: present, eventId: 'order-of-u1' })).toMatchObject({
    events: 1,
    created: 1,
  })
  expect(crowd.track('u1', 'purchase', { at: present, eventId: 'order-of-u2' })).toMatchObject({ duplicates: 1 })
})

test('law 3: the bytes of those event ids are overwritten', () => {
  const column = new EventColumn(schema.purchase, TimeZone.of('UTC'))
  for (const person of [1, 2]) {
    column.appendOne(person, { at: 0, eventId: `secret-order-${person}`, values: [null, null] }, present)
  }
  const saved = () => Buffer.concat([...column.eventIds.epochs].flatMap(({ ids }) => [...ids.sections()])).toString()
  expect(saved()).toContain('secret-order-1')
  column.forget(bitmapOf([1]))
  expect(saved()).not.toContain('secret-order-1')
  expect(saved()).toContain('secret-order-2')
})

test('law 2: an event is a write, which sees its person, also where it is not stored', () => {
  const crowd = createEngine({
    schema: { visit: event({}, { retentionDays: 1 }) },
    clock: { now: () => present },
  })
  crowd.track('new', 'visit', { at: present, eventId: 1 })
  expect(crowd.track('again', 'visit', { at: present, eventId: 1 })).toMatchObject({ duplicates: 1, created: 1 })
  expect(crowd.track('late', 'visit', { at: 0 })).toMatchObject({ expired: 1, created: 1 })
  expect(crowd.size).toBe(3)
})
