import type { Schema } from '../../schema/schema.ts'
import { MessagePackReader } from '../journal/message-pack-reader.ts'
import { type RecordKind, recordKinds } from '../journal/record-kinds.ts'
import { describeRecord } from './describe-change.ts'
import type { DescribedChange } from './described-change.ts'

/** What a replica needs of a change: it can go over a network. */
export interface ChangeRecord {
  /** Of the mutation, counted from 1. */
  readonly sequence: number
  /** The record, as the log has it. */
  readonly record: Uint8Array
}

/** A mutation of an engine that was applied. */
export interface Change extends ChangeRecord {
  /** What was done: docs/format.md has the form of the record of each kind. */
  readonly kind: RecordKind
  /** A copy, which belongs to whom the change was given to. Ids of people are in it. */
  readonly record: Uint8Array
  /**
   * What the record says, as plain data.
   * Cost: decoding the record.
   */
  describe(): DescribedChange
}

const names: ReadonlyMap<number, RecordKind> = new Map(
  (Object.entries(recordKinds) as [RecordKind, number][]).map(([name, number]) => [number, name]),
)

/** A change as it is handed out. */
export function makeChange(sequence: number, record: Uint8Array, schema: Schema): Change {
  const kind = kindOf(record)
  return Object.freeze({ sequence, kind, record, describe: () => describeRecord(kind, record, schema) })
}

function kindOf(record: Uint8Array): RecordKind {
  const reader = new MessagePackReader()
  reader.open(record)
  reader.array('a record')
  return names.get(reader.whole())!
}
