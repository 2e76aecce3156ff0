import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { category, event, flag, number, openEngine, timestamp } from 'crowdbit'
import { hash } from './hash.ts'
import { report } from './report.ts'
import { userIds } from './user-id.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const day = 86_400_000
/** No checkpoint comes by itself. */
const never = 2 ** 50

const schema = {
  'flag of 30 %': flag(),
  'flag of 3 %': flag(),
  'flag of 0.1 %': flag(),
  'category of 5 values': category(),
  'category of 5,000 values': category(),
  'number of 16 bits': number(),
  'timestamp of the last 3 years': timestamp(),
  'event with a category and an amount': event({ product: category(), amount: number({ scale: 2 }) }),
}

/** Question: what does a person, a tag and an event take in memory, in a checkpoint, and in the log? */
export async function benchSizing(people: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'crowdbit-bench-'))
  try {
    const clock = { now: () => noon as never }
    const crowd = await openEngine({ dir, schema, clock, durability: 'none', checkpointLogBytes: never })
    const rows: (string | number)[][] = []
    const folderBytes = (): number => readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
    let memory = 0
    let disk = folderBytes()
    /** Writes, checkpoints, and says what it took for each of `count`. */
    const measure = async (what: string, count: number, write: () => void): Promise<void> => {
      const logged = crowd.stats().log!.bytes
      write()
      const log = crowd.stats().log!.bytes - logged
      const { idBytes, columns, events } = crowd.stats()
      const now = [...columns, ...events].reduce((sum, { bytes }) => sum + bytes, idBytes)
      await crowd.checkpoint()
      const saved = folderBytes()
      rows.push([what, (now - memory) / count, (saved - disk) / count, log / count])
      memory = now
      disk = saved
    }
    const all = Uint32Array.from({ length: people }, (_, i) => i)
    const share = (part: number): Uint32Array => all.filter((person) => hash(person, part * 1000) % 1000 < part * 10)
    await measure('person, by an id of 12 to 20 bytes', people, () => {
      for (let from = 0; from < people; from += 10_000) {
        crowd.putMany(userIds(from, Math.min(10_000, people - from)).map((id) => [id, {}]))
      }
    })
    for (const [name, part] of [
      ['flag of 30 %', 30],
      ['flag of 3 %', 3],
      ['flag of 0.1 %', 0.1],
    ] as const) {
      await measure(name, people, () => crowd.tags[name].add(share(part)))
    }
    for (const [name, values] of [
      ['category of 5 values', 5],
      ['category of 5,000 values', 5_000],
    ] as const) {
      await measure(name, people, () => {
        const peopleOf: number[][] = Array.from({ length: values }, () => [])
        for (const person of all) peopleOf[hash(person, values) % values]!.push(person)
        for (const [value, members] of peopleOf.entries()) {
          crowd.tags[name].add(`value ${value}`, Uint32Array.from(members))
        }
      })
    }
    await measure('number of 16 bits', people, () => {
      crowd.tags['number of 16 bits'].set(
        all,
        Int32Array.from(all, (person) => hash(person, 16) >>> 16),
      )
    })
    await measure('timestamp of the last 3 years', people, () => {
      crowd.tags['timestamp of the last 3 years'].set(
        all,
        Float64Array.from(all, (person) => noon - (hash(person, 3) / 2 ** 32) * 3 * 365 * day).map(Math.floor),
      )
    })
    const name = 'event with a category and an amount'
    await measure(`${name}, written together`, 2 * people, () => {
      const dense = Uint32Array.from({ length: 2 * people }, (_, i) => i % people)
      crowd.trackColumns(name, {
        dense,
        at: Float64Array.from(dense, (person, i) => noon - Math.floor((hash(person + i, 7) / 2 ** 32) * 90 * day)),
        product: Array.from(dense, (person) => `p${hash(person, 8) % 200}`),
        amount: Array.from(dense, (person) => (hash(person, 9) % 100_000) / 100),
      })
    })
    const ids = userIds(0, Math.min(people, 100_000))
    await measure('the same, each by itself with an id of its own', ids.length, () => {
      ids.forEach((id, i) => {
        crowd.track(id, name, { at: noon - i, product: `p${i % 200}`, amount: i % 1000, eventId: `order-${i}` })
      })
    })
    const puts = crowd.stats().log!.bytes
    ids.forEach((id, i) => {
      crowd.put(id, { 'flag of 30 %': true, 'number of 16 bits': i % 1000 })
    })
    rows.push(['put of a flag and a number', 0, 0, (crowd.stats().log!.bytes - puts) / ids.length])
    await crowd.close()
    const title = `Bytes, ${people.toLocaleString('en')} people`
    report('sizing', [{ title, header: ['for each', 'memory', 'checkpoint', 'log'], rows }])
  } finally {
    rmSync(dir, { recursive: true })
  }
}
