import { describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, event } from '../../src/index.ts'

const schema = {
  cart: event({ product: category() }),
  view: event({ product: category() }),
  buy: event({ product: category() }),
  quit: event({ product: category() }),
}

/** One person with these events: `kind@minute[:product]`, minutes after noon of 2026-11-20. */
function person(...events: string[]): Engine<typeof schema> {
  const crowd = createEngine({ schema, clock: { now: () => Date.parse('2026-11-30') as never } })
  crowd.put('u', {})
  for (const text of events) {
    const [, kind, minute, product] = /^(\w+)@([\d.]+)(?::(\w+))?$/.exec(text)!
    const at = Date.parse('2026-11-20T12:00:00Z') + Number(minute) * 60_000
    crowd.track('u', kind as 'cart', product === undefined ? { at } : { at, product })
  }
  return crowd
}

const holds = (rule: string, ...events: string[]): boolean => person(...events).matches('u', rule)

describe('law 15: sequences', () => {
  it('steps in order, strictly later in time by default', () => {
    const rule = 'did cart then did buy'
    expect(holds(rule, 'cart@1', 'buy@2')).toBe(true)
    expect(holds(rule, 'buy@1', 'cart@2')).toBe(false)
    expect(holds(rule, 'cart@1', 'buy@1')).toBe(false)
    expect(holds(`${rule}, allowing same time`, 'cart@1', 'buy@1')).toBe(true)
    expect(holds(`${rule}, allowing same time`, 'cart@2', 'buy@1')).toBe(false)
  })

  it('each gap within its own limit, which is included', () => {
    const rule = 'did view then did cart within 10 minutes then did buy within 5 minutes'
    expect(holds(rule, 'view@0', 'cart@10', 'buy@15')).toBe(true)
    expect(holds(rule, 'view@0', 'cart@10.001', 'buy@15')).toBe(false)
    expect(holds(rule, 'view@0', 'cart@9', 'buy@15')).toBe(false)
  })

  it('any chain that fits is enough, whatever other chains there are', () => {
    const rule = 'did view then did cart within 10 minutes then did buy within 5 minutes'
    // The first view is too early for every cart that fits, the last cart too late.
    expect(holds(rule, 'view@0', 'view@8', 'cart@11', 'cart@16', 'buy@16')).toBe(true)
    expect(holds(rule, 'view@0', 'cart@1', 'cart@9', 'buy@12')).toBe(true)
  })

  it('one event cannot be two steps', () => {
    expect(holds('did buy then did buy', 'buy@1')).toBe(false)
    expect(holds('did buy then did buy, allowing same time', 'buy@1')).toBe(false)
    expect(holds('did buy then did buy, allowing same time', 'buy@1', 'buy@1')).toBe(true)
    // Three steps and three events at one instant: the assignment has to be found.
    const steps = 'did buy then did buy(product = "a") then did buy(product in ("a", "b")), allowing same time'
    expect(holds(steps, 'buy@1:a', 'buy@1:b', 'buy@1:c')).toBe(true)
    expect(holds(steps, 'buy@1:a', 'buy@1:c', 'buy@1:c')).toBe(false)
  })

  it('without: an event that must not occur between two steps', () => {
    const rule = 'did cart then did buy without quit'
    expect(holds(rule, 'cart@1', 'quit@2', 'buy@3')).toBe(false)
    expect(holds(rule, 'quit@1', 'cart@2', 'buy@3', 'quit@4')).toBe(true)
    expect(holds(rule, 'cart@1', 'quit@1', 'buy@3', 'quit@3')).toBe(true)
    expect(holds(rule, 'cart@1', 'quit@2', 'cart@3', 'buy@4')).toBe(true)
  })

  it('or within a time after the last, once that time has passed', () => {
    const rule = 'did cart then did not buy within 24 hours'
    expect(holds(rule, 'cart@0')).toBe(true)
    expect(holds(rule, 'cart@0', `buy@${24 * 60}`)).toBe(false)
    expect(holds(rule, 'cart@0', `buy@${24 * 60 + 0.001}`)).toBe(true)
    expect(holds(rule, 'cart@0', 'buy@0')).toBe(true)
    const crowd = person('cart@0')
    expect(crowd.matches('u', rule, { asOf: '2026-11-21T11:59:59.999Z' })).toBe(false)
    expect(crowd.matches('u', rule, { asOf: '2026-11-21T12:00:00Z' })).toBe(true)
    expect(crowd.count(rule, { asOf: '2026-11-21T11:59:59.999Z' })).toBe(0)
    expect(crowd.count(rule, { asOf: '2026-11-21T12:00:00Z' })).toBe(1)
  })

  it('same links the steps by a property, and what must not occur; an absent property never links', () => {
    const rule = 'did cart then did buy, same product'
    expect(holds(rule, 'cart@1:a', 'buy@2:a')).toBe(true)
    expect(holds(rule, 'cart@1:a', 'buy@2:b')).toBe(false)
    expect(holds(rule, 'cart@1', 'buy@2')).toBe(false)
    const absence = 'did cart then did not buy within 24 hours, same product'
    expect(holds(absence, 'cart@1:a', 'buy@2:b')).toBe(true)
    expect(holds(absence, 'cart@1:a', 'buy@2:a')).toBe(false)
    expect(holds(absence, 'cart@1')).toBe(false)
    expect(holds('did cart then did buy without quit, same product', 'cart@1:a', 'quit@2:b', 'buy@3:a')).toBe(true)
  })

  it('each step inside the window, while what must not occur may come after it', () => {
    expect(holds('did cart then did buy from "2026-11-20T12:00Z" to "2026-11-20T12:10Z"', 'cart@0', 'buy@9')).toBe(true)
    expect(holds('did cart then did buy from "2026-11-20T12:00Z" to "2026-11-20T12:10Z"', 'cart@0', 'buy@10')).toBe(
      false,
    )
    const absence = 'did cart then did not buy within 1 hour from "2026-11-20T12:00Z" to "2026-11-20T12:10Z"'
    expect(holds(absence, 'cart@0', 'buy@30')).toBe(false)
    expect(holds(absence, 'cart@0', 'buy@70')).toBe(true)
  })

  it('is part of other rules', () => {
    const crowd = person('cart@0', 'view@5')
    expect(crowd.count('did cart then did not buy within 24 hours and did view minus did buy')).toBe(1)
    expect(crowd.count('not (did cart then did view)')).toBe(0)
  })
})
