import { expect, test } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { MessagePackFault } from '../../src/engine/journal/message-pack-reader.ts'
import { JournalReplay } from '../../src/engine/journal/replay-journal.ts'
import { CrowdbitError, createEngine, type Engine, type Millis, type SchemaSpec } from '../../src/index.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { recordsOf } from './recorded.ts'

/** Some bytes of a record made others; or cut off, or put in. */
function damaged(record: Uint8Array, draw: (below: number) => number): Uint8Array {
  const bytes = [...record]
  for (let left = 1 + draw(3); left > 0; left--) {
    const at = draw(bytes.length)
    switch (draw(5)) {
      case 0:
        bytes[at] = bytes[at]! ^ (1 << draw(8))
        break
      case 1:
        // The types whose lengths take memory: texts, bytes, arrays, and a length that says 4 GB.
        bytes.splice(at, 5, [0xdb, 0xc6, 0xdd][draw(3)]!, 0xff, 0xff, 0xff, 0xff)
        break
      case 2:
        bytes.splice(at, 1 + draw(4))
        break
      case 3:
        bytes.splice(at, 0, draw(256), draw(256))
        break
      default:
        bytes[at] = draw(256)
    }
  }
  return Uint8Array.from(bytes.length > 0 ? bytes : [0])
}

test('records with right checksums and wrong bytes are done, or refused with a code, and nothing else happens', async () => {
  let refused = 0
  let done = 0
  const check = async (
    tried: Parameters<Parameters<typeof assertOnCases>[1]>[0],
    draw: (below: number) => number,
  ): Promise<void> => {
    const { engine, play } = playCase(tried, 0)
    const records = recordsOf(engine)
    for (const change of tried.changes) play(change)
    if (records.length === 0) return
    for (let round = 0; round < 10; round++) {
      const { schema, timeZone, now } = tried
      const again = createEngine({ schema, timeZone, clock: { now: () => now as Millis } }) as Engine<SchemaSpec>
      const replay = new JournalReplay(insideOf(again))
      const bad = draw(records.length)
      try {
        records.forEach((record, i) => {
          replay.record(i === bad ? damaged(record, draw) : record)
        })
        replay.finish()
        done++
        expect(again.count('everyone')).toBe(again.size)
        for (const [tag, { kind }] of Object.entries(again.schema)) {
          const set = kind === 'event' ? again.count({ did: tag }) : again.count({ tag, isSet: true })
          expect(set).toBeLessThanOrEqual(again.size)
        }
      } catch (error) {
        if (!(error instanceof MessagePackFault || error instanceof CrowdbitError)) throw error
        if (error instanceof CrowdbitError) expect(error.code).not.toBe('INTERNAL')
        refused++
      }
    }
  }
  await assertOnCases(60, check)
  await assertOnCases(30, check, {}, widen)
  expect(refused).toBeGreaterThan(50)
  expect(done).toBeGreaterThan(5)
})
