import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CrowdbitError,
  category,
  createEngine,
  type Engine,
  event,
  flag,
  loadEngine,
  type Millis,
  number,
} from '../../src/index.ts'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { PlainData } from '../../src/store/plain-data.ts'
import { saveStore } from '../../src/store/save-store.ts'

const schema = {
  vip: flag(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web', 'café'] }),
    amount: number({ scale: 2, max: '90000000000' }),
    gift: flag(),
  }),
  visit: event(),
  browse: event({ category: category(), seconds: number() }, { retentionDays: 9 }),
}
type Shop = Engine<typeof schema>

const hour = 3_600_000
/** A day before the clocks of New York are put back. */
const present = Date.UTC(2026, 9, 31, 16)

class TestClock {
  time = present
  now(): Millis {
    return this.time as Millis
  }
}

function shop(people: number, clock = new TestClock()): Shop {
  const crowd = createEngine({ schema, timeZone: 'America/New_York', clock })
  for (let i = 0; i < people * 12; i++) {
    const id = i % 3 === 0 ? (i * 7) % people : `用户-${(i * 7) % people}`
    crowd.track(id, 'purchase', {
      at: present - ((i * 37) % 400) * hour + i,
      product: i % 5 === 0 ? null : `p${i % (people > 50 ? 400 : 4)}`,
      channel: (['app', 'web', 'café', null] as const)[i % 4],
      amount: i % 6 === 0 ? null : i % 97 === 0 ? 30_000_000.01 : (i - 50) / 100,
      gift: i % 7 === 0,
      eventId: i % 3 === 0 ? null : i % 3 === 1 ? `order-${i % 90}` : i % 100,
    })
    crowd.track(id, 'browse', {
      at: present - ((i * 41) % 200) * hour,
      category: `c${i % 3}`,
      seconds: i,
      eventId: i % 4 === 0 ? `b${i}` : null,
    })
  }
  crowd.track('ahead', 'browse', { at: present + 100 * hour, eventId: 'ahead' })
  crowd.remove(0)
  crowd.remove('用户-7')
  return crowd
}

/** Everything that can be seen of the events of an engine. */
function allEvents(crowd: Shop): unknown {
  const people = [...crowd.select('everyone')]
  const stats = crowd.stats().events.map(({ name, events, days, eventIds }) => [name, events, days, eventIds])
  return {
    stats,
    events: people.map((id) => [
      id,
      crowd.events(id, 'purchase'),
      crowd.events(id, 'visit'),
      crowd.events(id, 'browse'),
    ]),
  }
}

const root = mkdtempSync(join(tmpdir(), 'crowdbit-events-'))
let folders = 0
const folder = (): string => join(root, `f${folders++}`)
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('events in a save', () => {
  it('are all there again: order, texts, numbers of any width, ids, days of the zone', async () => {
    const crowd = shop(300)
    const place = folder()
    await crowd.save(place)
    const again = await loadEngine(place, { schema })
    expect(allEvents(again)).toEqual(allEvents(crowd))
    expect(again.schema).toEqual(crowd.schema)
    expect(again.timeZone).toBe('America/New_York')
    expect(again.stats().events[0]).toMatchObject({ events: expect.any(Number), days: 18 })
    expect(again.stats().events[0]!.events).toBeGreaterThan(1_000)
  })

  it('go on where they were: ids that were seen, retention, new people, late events', async () => {
    const [clock, otherClock] = [new TestClock(), new TestClock()]
    const crowd = shop(40, clock)
    const place = folder()
    await crowd.save(place)
    const again = await loadEngine(place, { schema, clock: otherClock })
    const seen = (name: 'purchase' | 'browse') =>
      [...crowd.select('everyone')].flatMap((id) => crowd.events(id, name).flatMap(({ eventId }) => eventId ?? []))
    const [orders, browses] = [seen('purchase'), seen('browse')]
    expect(Math.min(orders.length, browses.length)).toBeGreaterThan(20)
    for (const engine of [crowd, again]) {
      for (const eventId of orders) expect(engine.track(1, 'purchase', { at: present, eventId }).duplicates).toBe(1)
      for (const eventId of browses) expect(engine.track(1, 'browse', { at: present, eventId }).duplicates).toBe(1)
      expect(engine.track(1, 'browse', { at: present, eventId: 'ahead' })).toMatchObject({ duplicates: 1 })
      engine.track('新人', 'purchase', { at: present - 30 * hour, product: 'p1', eventId: 'new' })
      engine.remove(3)
      engine.track(1, 'visit', { at: 0 })
      // As the clock of the save was, although the one of the loaded engine hasn't been asked.
      expect(engine.track(1, 'browse', { at: present - 11 * 24 * hour })).toMatchObject({ expired: 1 })
    }
    expect(allEvents(again)).toEqual(allEvents(crowd))
    clock.time += 30 * hour
    otherClock.time += 30 * hour
    expect(again.retain()).toEqual(crowd.retain())
    expect(allEvents(again)).toEqual(allEvents(crowd))
    const other = folder()
    await again.save(other)
    expect(allEvents(await loadEngine(other, { schema }))).toEqual(allEvents(crowd))
  })

  it('are those of the moment of the call, whatever is written, removed and dropped before it ends', async () => {
    const clock = new TestClock()
    const crowd = shop(200, clock)
    const before = allEvents(crowd)
    const place = folder()
    const saving = crowd.save(place)
    // Into the middle of days that are being written, in place and anew.
    for (let i = 0; i < 40; i++)
      crowd.track(i, 'purchase', { at: present - i * hour, eventId: `late-${i}`, product: 'x' })
    crowd.events(1, 'purchase')
    for (let i = 0; i < 40; i++) crowd.remove(`用户-${i}`)
    crowd.removeMany(Array.from({ length: 100 }, (_, i) => i))
    clock.time += 20 * 24 * hour
    crowd.retain()
    crowd.dropColumn('browse')
    await saving
    const again = await loadEngine(place, { schema })
    expect(allEvents(again)).toEqual(before)
  })

  it('of an engine without any, and of events without properties', async () => {
    for (const crowd of [
      createEngine({ schema: { a: event() } }),
      createEngine({ schema: { a: event(), b: flag() } }),
    ]) {
      const place = folder()
      await crowd.save(place)
      const empty = await loadEngine(place, { schema: { ...crowd.schema } })
      expect(empty.stats().events).toEqual([{ name: 'a', isLoaded: true, events: 0, days: 0, eventIds: 0, bytes: 0 }])
      expect(empty.track('u', 'a', { at: 1 }).events).toBe(1)
    }
  })

  it('in a schema that differs are refused, and it says where', async () => {
    const place = folder()
    await shop(10).save(place)
    const browse = event({ category: category(), seconds: number({ scale: 1, min: 0 }) }, { retentionDays: 10 })
    await expect(loadEngine(place, { schema: { ...schema, browse, visit: event({}) } })).rejects.toThrow(
      'STORE_SCHEMA_MISMATCH: the saved schema differs in "browse" (given event({ category: category(), seconds: number({ scale: 1, min: 0 }) }, { retentionDays: 10 }), saved event({ category: category(), seconds: number() }, { retentionDays: 9 }))',
    )
  })
})

describe('damaged events give a coded error or the right answer', () => {
  let place: string
  let expected: unknown
  beforeAll(async () => {
    const crowd = shop(4)
    place = folder()
    await crowd.save(place)
    expected = allEvents(crowd)
  })

  async function checkDamaged(name: string, bytes: Uint8Array): Promise<string> {
    const other = mkdtempSync(join(root, 'damaged-'))
    for (const file of readdirSync(place)) copyFileSync(join(place, file), join(other, file))
    writeFileSync(join(other, name), bytes)
    try {
      expect(allEvents(await loadEngine(other, { schema }))).toEqual(expected)
      return 'right'
    } catch (error) {
      if (!(error instanceof CrowdbitError)) throw error
      return error.code
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  }

  it('a bit flipped, or cut', async () => {
    for (const name of readdirSync(place)) {
      const bytes = readFileSync(join(place, name))
      for (let at = 0; at < bytes.length; at += 41) {
        const flipped = Buffer.from(bytes)
        flipped[at]! ^= 1 << (at % 8)
        expect(await checkDamaged(name, flipped), `${name} at ${at}`).toBe('STORE_CORRUPT')
        expect(await checkDamaged(name, bytes.subarray(0, at)), `${name} cut at ${at}`).toBe('STORE_CORRUPT')
      }
    }
  })
})

describe('hostile events with right checksums are refused too', () => {
  type Sections = Map<string, Buffer>
  type Fields = Record<string, PlainData>

  /** A small save: sections are short enough to be written by hand. */
  async function small(): Promise<string> {
    const crowd = createEngine({ schema, timeZone: 'America/New_York', clock: new TestClock() })
    crowd.putMany(['gone', 'u1', 'u2'].map((id) => [id, {}]))
    crowd.remove('gone')
    const at = present
    crowd.trackMany('purchase', [
      ['u1', { at, product: 'a', channel: 'app', amount: 1, gift: true, eventId: 'x' }],
      ['u1', { at: at + 1, product: 'b', channel: 'web', amount: -5, eventId: 'y' }],
      ['u2', { at, amount: '90000000000' }],
      ['u2', { at: at - 48 * hour, product: 'b', eventId: 'z' }],
    ])
    const place = folder()
    await crowd.save(place)
    return place
  }

  async function forged(change: (sections: Sections, meta: Fields) => void): Promise<string> {
    const store = await openStore(nodeFileSystem, await small())
    const sections: Sections = new Map()
    for (const { name } of store.sections) sections.set(name, Buffer.from(await store.read(name)))
    const versions = new Map(store.sections.map(({ name, version }) => [name, version]))
    const meta = structuredClone(store.meta) as Fields
    await store.close()
    change(sections, meta)
    const hostile = folder()
    const sources = [...sections].map(([name, bytes]) => ({
      name,
      version: versions.get(name) ?? 1,
      chunks: () => [bytes],
    }))
    await saveStore(nodeFileSystem, hostile, sources, meta)
    return hostile
  }

  async function refused(statement: RegExp, change: (sections: Sections, meta: Fields) => void): Promise<void> {
    const error = await loadEngine(await forged(change)).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(CrowdbitError)
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringMatching(statement) })
  }

  /*
   * Rows of events-1-day-1: u1 (1), u1, u2 (2). The amount 9e12 makes it doubles.
   *   people 0..12 | times 12..24 | product 24..27 | channel 27..30 | amount 30..54 | gift 54..57 | event ids 57..69
   * events-1: clock 0..8 | product: 2 at 8, 1 'a' 12..17, 1 'b' 17..22 | channel: 2 at 22, 'app' 26..33, 'web' 33..40 |
   *   dictionaries 40, key 44 | days 48 | day, events, dictionary, four widths 52..80 | 80..108
   */
  const day = 'events-1-day-1'
  const head = 'events-1'

  it('as it is, it loads', async () => {
    const crowd = (await loadEngine(await forged(() => {}))) as unknown as Shop
    expect(crowd.events('u1', 'purchase')).toHaveLength(2)
    expect(crowd.events('u2', 'purchase')).toHaveLength(2)
    expect(crowd.stats().events[0]).toMatchObject({ events: 4, days: 2, eventIds: 3 })
  })

  it('rows out of order, people who are not living, instants outside the day', async () => {
    await refused(/not in order of their people/, (sections) => sections.get(day)!.writeUInt32LE(2, 0))
    await refused(/no living person/, (sections) => sections.get(day)!.writeUInt32LE(0, 0))
    await refused(/no living person/, (sections) => sections.get(day)!.writeUInt32LE(3, 8))
    await refused(/not in order of time/, (sections) => sections.get(day)!.writeUInt32LE(0, 16))
    await refused(/outside its day/, (sections) => sections.get(day)!.writeUInt32LE(25 * hour, 20))
    await refused(/outside its day/, (sections) => sections.get(day)!.writeUInt32LE(0xffff_ffff, 20))
  })

  it('values that there can not be', async () => {
    await refused(/value of product/, (sections) => sections.get(day)!.writeUInt8(3, 24))
    await refused(/value of channel/, (sections) => sections.get(day)!.writeUInt8(255, 29))
    await refused(/value of gift/, (sections) => sections.get(day)!.writeUInt8(2, 55))
    for (const amount of [9e12 + 1, 0.5, -0, Number.POSITIVE_INFINITY, -(2 ** 53)]) {
      await refused(/value of amount/, (sections) => sections.get(day)!.writeDoubleLE(amount, 38))
    }
  })

  it('event ids that nobody has, that two events have, that no event has, that two dictionaries have', async () => {
    await refused(/no id of its own/, (sections) => sections.get(day)!.writeUInt32LE(3, 57))
    await refused(/no id of its own/, (sections) => sections.get(day)!.writeUInt32LE(0, 61))
    await refused(/belongs to no event/, (sections) => sections.get(day)!.writeUInt32LE(0xffff_ffff, 57))
    await refused(/one dictionary too many/, (sections) => sections.get(head)!.writeInt32LE(1, 44))
    await refused(/has no section "events-1-ids-0"/, (sections) => void sections.delete('events-1-ids-0'))
    await refused(/ids are damaged/, (sections) => void sections.get('events-1-ids-0')!.fill(0, 0, 4))
  })

  it('a head that does not fit', async () => {
    const change = (offset: number, value: number) => (sections: Sections) => {
      sections.get(head)!.writeUInt32LE(value >>> 0, offset)
    }
    await refused(/clock/, change(0, 2))
    await refused(/clock/, change(4, 2 ** 31 - 1))
    await refused(/twice/, (sections) => sections.get(head)!.write('a', 21))
    await refused(/channel can have/, (sections) => sections.get(head)!.write('wet', 37))
    await refused(/are left/, change(8, 0xffff_ffff))
    await refused(/dictionary that is not there/, change(60, 2))
    await refused(/not in order/, change(52, -1 - 2 ** 30))
    await refused(/not in order/, change(52, 30_000))
    await refused(/0 events/, change(56, 0))
    await refused(/4294967295 events/, change(56, 0xffff_ffff))
    await refused(/has \d+ bytes, where \d+ events take/, change(56, 2))
    await refused(/wrong size/, change(64, 3))
    await refused(/wrong size/, change(72, 2))
    await refused(/has \d+ bytes/, change(64, 2))
    await refused(
      /follow after its end/,
      (sections) => void sections.set(head, Buffer.concat([sections.get(head)!, Buffer.alloc(1)])),
    )
    await refused(/are left|would have/, (sections) => void sections.set(head, sections.get(head)!.subarray(0, 60)))
    // No day is left that the dictionary of ids belongs to.
    await refused(/belongs? to no/, (sections) => {
      const bytes = Buffer.from(sections.get(head)!.subarray(0, 52))
      bytes.writeUInt32LE(0, 48)
      sections.set(head, bytes)
    })
  })

  it('days that are missing, exchanged, too short', async () => {
    await refused(/has no section|bytes/, (sections) => void sections.delete(day))
    await refused(/bytes/, (sections) => void sections.set(day, sections.get(day)!.subarray(0, 60)))
    await refused(/bytes/, (sections) => {
      const other = sections.get('events-1-day-0')!
      sections.set('events-1-day-0', sections.get(day)!)
      sections.set(day, other)
    })
  })

  it('columns that are none', async () => {
    const purchase = (meta: Fields): Fields => (meta.columns as Fields[])[1]!
    const property = (meta: Fields, place: number): Fields => (purchase(meta).properties as Fields[])[place]!
    await refused(/properties/, (_, meta) => {
      purchase(meta).properties = 7
    })
    await refused(/retentionDays/, (_, meta) => {
      purchase(meta).retentionDays = 0
    })
    await refused(/unknown kind/, (_, meta) => {
      property(meta, 0).kind = 'blob'
    })
    await refused(/one name/, (_, meta) => {
      property(meta, 0).name = 'channel'
    })
    await refused(/"at"/, (_, meta) => {
      property(meta, 0).name = 'at'
    })
    await refused(/where flag/, (_, meta) => {
      property(meta, 0).many = true
    })
    await refused(/scale/, (_, meta) => {
      property(meta, 2).scale = 16
    })
    await refused(/max/, (_, meta) => {
      property(meta, 2).max = 'much'
    })
    await refused(/time zone/, (_, meta) => {
      meta.timeZone = 'Mars/Olympus'
    })
  })

  it('any byte changed loads as something that holds together, or is refused', async () => {
    const store = await openStore(nodeFileSystem, await small())
    const lengths = store.sections.filter(({ name }) => name.startsWith('events-1'))
    await store.close()
    let refusals = 0
    for (const { name, bytes } of lengths) {
      for (let at = 0; at < bytes; at += 2) {
        const hostile = await forged((sections) => {
          sections.get(name)![at]! ^= 1 << ((at / 2) % 8)
        })
        try {
          const loaded = (await loadEngine(hostile)) as unknown as Shop
          let events = 0
          for (const id of loaded.select('everyone')) events += loaded.events(id, 'purchase').length
          expect(loaded.stats().events[0]).toMatchObject({ events })
          loaded.track('u1', 'purchase', { at: present, product: 'new', eventId: 'x' })
          loaded.remove('u2')
          expect(loaded.events('u2', 'purchase')).toEqual([])
        } catch (error) {
          if (!(error instanceof CrowdbitError)) throw error
          expect(error.code).toMatch(/^STORE_/)
          refusals++
        }
      }
    }
    expect(refusals).toBeGreaterThan(50)
  })
})
