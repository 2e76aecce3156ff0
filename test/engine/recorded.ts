import { insideOf } from '../../src/engine/engine.ts'
import { encodeAudienceRecord } from '../../src/engine/journal/encode-audience.ts'
import { encodeMutation } from '../../src/engine/journal/encode-mutation.ts'
import { MessagePackWriter } from '../../src/engine/journal/message-pack-writer.ts'
import { JournalReplay } from '../../src/engine/journal/replay-journal.ts'
import { createEngine, type Engine, type Millis, type SchemaSpec } from '../../src/index.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'

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

/** An engine in which the records were done again. */
export function replayed(
  { schema, timeZone, now }: SegmentationCase,
  records: readonly Uint8Array[],
): Engine<SchemaSpec> {
  const again = createEngine({
    schema,
    timeZone,
    clock: { now: () => now as Millis },
  }) as Engine<SchemaSpec>
  const replay = new JournalReplay(insideOf(again))
  for (const record of records) replay.record(record)
  replay.finish()
  return again
}
