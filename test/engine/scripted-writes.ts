import { category, type Engine, type ExternalId, event, flag, number, type SchemaSpec } from '../../src/index.ts'

/** The schema of the scripted writes. */
export const scriptedSchema: SchemaSpec = {
  vip: flag(),
  tier: category(),
  likes: category({ many: true }),
  spend: number({ scale: 2 }),
  buy: event({ product: category(), amount: number({ scale: 2 }) }),
}

/** The ids that scripted writes name. */
export const scriptedIds: readonly ExternalId[] = Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? i : `user-${i}`))

const noon = Date.UTC(2026, 10, 20, 12)

/** The clock of the scripted writes. */
export const scriptedClock = { now: (): number => noon }

/** The `i`-th of endlessly many writes, counted from 0: each is one mutation, and what it does follows from `i` alone. */
export function scriptedWrite(engine: Engine<SchemaSpec>, i: number): void {
  const crowd = engine as unknown as Engine<{ [name: string]: never }>
  const id = scriptedIds[(i * 7919) % scriptedIds.length]!
  const other = scriptedIds[(i * 104729 + 3) % scriptedIds.length]!
  const put = (values: object): void => crowd.put(id, values as never)
  const tags = engine.tags as unknown as Record<
    string,
    { add(...args: unknown[]): void; set(...args: unknown[]): void }
  >
  switch (i % 12) {
    case 0:
      put({ vip: i % 24 === 0, tier: `T${i % 4}` })
      break
    case 1:
      put({ spend: `${i % 1000}.25`, likes: { add: [`topic ${i % 9}`] } })
      break
    case 2:
    case 3:
    case 4:
      crowd.track(
        id,
        'buy' as never,
        {
          at: noon - ((i * 977) % 40) * 3_600_000,
          product: `p${i % 20}`,
          amount: i % 100,
          ...(i % 3 === 0 ? { eventId: `order ${i % 5000}` } : {}),
        } as never,
      )
      break
    case 5:
      crowd.putMany([
        [id, { tier: null }],
        [other, { likes: ['a', 'b'], spend: i % 50 }],
      ] as never)
      break
    case 6:
      tags.vip!.add([id, other])
      break
    case 7:
      tags.spend!.set([id, other], [i % 7, -(i % 11)])
      break
    case 8:
      crowd.trackMany(
        'buy' as never,
        [
          [id, { at: noon - i, product: 'x' }],
          [other, { at: noon - 2 * i }],
        ] as never,
      )
      break
    case 9:
      if (i % 60 === 9) crowd.remove(id)
      else put({ spend: null })
      break
    case 10: {
      const name = `list ${i % 3}`
      const bounds = { min: 0 }
      if (!engine.audiences.has(name)) engine.audiences.createList({ name, members: [id, other], bounds })
      else engine.audiences.get(name).replace([id, other, 'nobody'])
      break
    }
    default: {
      const name = `rule ${i % 2}`
      if (!engine.audiences.has(name))
        engine.audiences.create({ name, rule: 'vip or spend >= 100', bounds: { min: 0 } })
      else engine.audiences.get(name).rebuild()
    }
  }
}
