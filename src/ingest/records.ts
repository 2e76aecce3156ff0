import { IngestSource } from './ingest-source.ts'
import type { AnyIterable } from './input-iterator.ts'
import { RecordReader } from './record-reader.ts'

/**
 * Objects as a source: an array, a generator, a stream in object mode, the rows of a database cursor. `ingest` takes the
 * iterable itself as well.
 *
 * @example
 * ```ts
 * await crowd.ingest(records([{ openid: 'u1', interests: { add: ['尿布'] } }]), { id: 'openid' })
 * crowd.get('u1').interests // [ '尿布' ]
 * ```
 */
export function records(rows: AnyIterable<object>): IngestSource {
  return new IngestSource('the records', () => new RecordReader(rows))
}
