import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { WalkServer } from '../../src/behaviour/serve-walks.ts'
import type { BehaviourNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { ThreadPool } from '../../src/threads/thread-pool.ts'
import { workerScript } from '../../src/threads/worker-script.ts'
import { filter, plainEvent } from '../behaviour/behaviour-arbitrary.ts'
import { askMeanwhile, movingWindow, start } from '../behaviour/moving-windows.ts'
import type { PlainEvent } from '../behaviour/plain-events.ts'

const threads = new ThreadPool({ size: 2, script: workerScript() })
afterAll(() => threads.close())

const people = [0, 1, 65_535, 65_536, 300_000]

/** Within some weeks, with properties of each kind. */
const events: fc.Arbitrary<PlainEvent[]> = fc.array(
  fc
    .tuple(plainEvent(start + 12 * 86_400_000), fc.constantFrom(...people), fc.integer({ min: 0, max: 24 }))
    .map(([event, person, day]) => ({ ...event, person, at: start + day * 86_400_000 + (event.at % 86_400_000) })),
  { minLength: 10, maxLength: 60 },
)

const term = fc
  .constantFrom('buy' as const, 'view' as const)
  .chain((kind) => fc.option(filter(kind)).map((where) => make.eventTerm(kind, where)))

const question: fc.Arbitrary<BehaviourNode> = fc
  .record({
    measure: fc.constantFrom('count', 'days'),
    terms: fc.array(term, { minLength: 1, maxLength: 2 }),
    window: movingWindow,
    op: fc.constantFrom('gte', 'eq', 'ne', 'lte'),
    value: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ measure, terms, window, op, value }) => make.behaviour(measure, terms, window, { op, value }))

test('counts over events by threads are those of plain loops, whatever the filter, while others ask and write', async () => {
  expect(await askMeanwhile(events, question, threads)).toBeGreaterThan(0)
  expect(threads.stats).toEqual({ size: 2, running: 2, deaths: 0 })
})

test('a walk over rows that are moved meanwhile ends', () => {
  const isRead = new Set<string>()
  // Each row is somebody else's when it is looked at again.
  const people = new Proxy(new Uint32Array(9).fill(7), {
    get(rows, name) {
      if (typeof name === 'symbol' || !/^\d+$/.test(name)) return Reflect.get(rows, name, rows)
      if (isRead.has(name)) return 300_000
      isRead.add(name)
      return 7
    },
  })
  const day = {
    day: 0,
    start: 0,
    end: 1,
    size: 9,
    version: 1,
    people,
    times: new Uint32Array(9),
    properties: new Map(),
  }
  const order = {
    measure: { counted: 'count', range: { lo: 1, hi: 9, outside: false } },
    tests: [null],
    pieces: [{ term: 0, day, from: 0, to: Number.POSITIVE_INFINITY }],
    from: 0,
    end: 9,
  }
  expect(new WalkServer().serve(order, () => false).events).toBe(9)
})
