import { expect, test } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { encodeAudienceRecord } from '../../src/engine/journal/encode-audience.ts'
import { encodeMutation } from '../../src/engine/journal/encode-mutation.ts'
import { MessagePackWriter } from '../../src/engine/journal/message-pack-writer.ts'
import { JournalReplay } from '../../src/engine/journal/replay-journal.ts'
import { createEngine, type Engine, type Millis, type SchemaSpec } from '../../src/index.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, world } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { stateOf } from './engine-state.ts'

/** Writes down what the engine does from now on. */
export function recordsOf(engine: Engine<SchemaSpec>): Uint8Array[] {
  const { dataset, registry } = insideOf(engine)
  const records: Uint8Array[] = []
  const keep = (write: (out: MessagePackWriter) => void): void => {
    const out = new MessagePackWriter()
    write(out)
    records.push(Uint8Array.from(out.bytes))
  }
  dataset.journal = { write: (record) => keep((out) => encodeMutation(record, out)), done: () => {} }
  for (const name of engine.workspaces()) {
    registry(name).journal = { write: (record) => keep((out) => encodeAudienceRecord(name, record, out)) }
  }
  return records
}

function replayed(
  tried: SegmentationCase,
  engine: Engine<SchemaSpec>,
  records: readonly Uint8Array[],
): Engine<SchemaSpec> {
  const again = createEngine({
    schema: tried.schema,
    timeZone: engine.timeZone,
    clock: { now: () => tried.now as Millis },
  }) as Engine<SchemaSpec>
  const replay = new JournalReplay(insideOf(again))
  for (const record of records) replay.record(record)
  replay.finish()
  return again
}

test('what a journal wrote down, done again, gives the same engine', async () => {
  const check = async (tried: SegmentationCase): Promise<void> => {
    const { engine, play, reference } = playCase(tried, 0)
    const records = recordsOf(engine)
    for (const change of tried.changes) play(change)
    const again = replayed(tried, engine, records)
    expect(stateOf(again, world)).toEqual(stateOf(engine, world))
    for (const asOf of tried.asOfs) checkAnswers(again, reference.at(asOf), tried.rule)
  }
  await assertOnCases(60, check)
  await assertOnCases(40, check, {}, widen)
})
