import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Millis } from '../base/brand.ts'
import { CrowdbitError, type ErrorFacts } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { Batch } from './batch.ts'
import { CellRowMaker } from './cell-row-maker.ts'
import { type AnyIngestSettings, checkAnyIngestOptions, type EventIngestOptions } from './event-ingest-options.ts'
import type { IngestOptions } from './ingest-options.ts'
import type { EventIngestReport, IngestReport } from './ingest-report.ts'
import { IngestSource } from './ingest-source.ts'
import type { AnyIterable } from './input-iterator.ts'
import { Mapping } from './mapping.ts'
import { eventTarget, type MappingTarget, schemaTarget } from './mapping-target.ts'
import { ObjectRowMaker } from './object-row-maker.ts'
import { records } from './records.ts'
import { RowBatch } from './row-batch.ts'
import type { RowMaker } from './row-maker.ts'
import type { CellReader, OpenRows, RowReader } from './row-reader.ts'
import { PutWriter, type RowWriter, TrackWriter } from './row-writer.ts'
import { TableBatch } from './table-batch.ts'
import { TableMaker } from './table-maker.ts'
import { Tally } from './tally.ts'

/** Blocks of a source after which other work gets its turn, even where they held hardly a row. */
const blocksPerTurn = 4

/**
 * Reads a source to its end and writes its rows batch by batch. Described at `Engine.ingest`.
 *
 * @param now the clock of the engine
 * @throws OPTION_INVALID, EVENT_UNKNOWN, INGEST_MAPPING, INGEST_SOURCE, INGEST_TOO_MANY_REJECTS, INGEST_ABORTED
 */
export async function ingestRows(
  dataset: Dataset,
  source: IngestSource | AnyIterable<object>,
  options: IngestOptions | EventIngestOptions,
  now: () => Millis,
): Promise<IngestReport | EventIngestReport> {
  const settings = checkAnyIngestOptions(options)
  if (settings.event !== null) dataset.eventForm(settings.event.name)
  const run = new Ingest(dataset, asSource(source), settings, now)
  return run.run()
}

function asSource(source: unknown): IngestSource {
  if (source instanceof IngestSource) return source
  const isIterable =
    typeof source === 'object' && source !== null && (Symbol.asyncIterator in source || Symbol.iterator in source)
  const isBytes =
    ArrayBuffer.isView(source) || (source as { readableObjectMode?: unknown })?.readableObjectMode === false
  if (isIterable && !isBytes) return records(source as AnyIterable<object>)
  throw new CrowdbitError(
    'OPTION_INVALID',
    `the source is ${isBytes ? 'bytes' : show(source)}, where csvFile(), csv(), ndjsonFile(), ndjson() or an iterable of objects is expected`,
  )
}

/** One ingest, from opening its source to its report. */
class Ingest {
  readonly #dataset: Dataset
  readonly #settings: AnyIngestSettings
  readonly #now: () => Millis
  readonly #name: string
  readonly #reader: RowReader
  readonly #tally: Tally
  #lastProgress = 0
  /** Whether the ingest is over, whatever is still being waited for. */
  #stopped = false

  /** @throws INGEST_SOURCE */
  constructor(dataset: Dataset, source: IngestSource, settings: AnyIngestSettings, now: () => Millis) {
    this.#dataset = dataset
    this.#now = now
    this.#settings = settings
    this.#name = source.name
    this.#tally = new Tally(settings.keepRejects, settings.event !== null)
    try {
      this.#reader = source.open()
    } catch (error) {
      throw this.#unreadable(error)
    }
  }

  async run(): Promise<IngestReport | EventIngestReport> {
    const { signal } = this.#settings
    let abort = (): void => {}
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        this.#stopped = true
        reject(this.#fault('INGEST_ABORTED', 'the abort signal ended the ingest', {}, signal?.reason))
      }
    })
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      // A race, because what is waited for may never come.
      return await Promise.race([aborted, this.#read()])
    } finally {
      this.#stopped = true
      signal?.removeEventListener('abort', abort)
      await this.#reader.close()
      this.#tally.release()
    }
  }

  async #read(): Promise<IngestReport | EventIngestReport> {
    const reader = this.#reader
    this.#stopIfOver()
    const target = this.#target()
    const mapping = new Mapping(this.#dataset, target, this.#settings, reader.form === 'cells' ? 'skip' : 'value')
    this.#tally.createdTags = mapping.tag?.created ?? []
    await this.#fromSource(() => reader.start())
    if (reader.form === 'cells') await this.#writeCells(reader, mapping, target)
    else {
      const maker = new ObjectRowMaker(mapping)
      await this.#writeRows(reader, maker, this.#rowBatch(this.#writer(), maker, target))
    }
    await this.#tellProgress()
    return this.#tally.report(true)
  }

  #target(): MappingTarget {
    const { event } = this.#settings
    return event === null ? schemaTarget(this.#dataset.schema) : eventTarget(this.#dataset.eventForm(event.name), event)
  }

  #writer(): RowWriter {
    const { event } = this.#settings
    return event === null
      ? new PutWriter(this.#dataset, this.#tally)
      : new TrackWriter(this.#dataset, this.#tally, event.name, this.#now)
  }

  #rowBatch<Raw extends object>(writer: RowWriter, maker: RowMaker<Raw>, target: MappingTarget): RowBatch<Raw> {
    return new RowBatch(writer, this.#tally, this.#settings.id, maker, (label) => target.nameOf(label))
  }

  async #writeCells(reader: CellReader, mapping: Mapping, target: MappingTarget): Promise<void> {
    const maker = new CellRowMaker(reader.header, mapping)
    const writer = this.#writer()
    const rows = this.#rowBatch(writer, maker, target)
    // A row with a tag has a column of its own.
    const batch =
      writer instanceof PutWriter && mapping.tag === null
        ? new TableBatch(writer, new TableMaker(this.#dataset, mapping.id, maker), rows)
        : rows
    await this.#writeRows(reader, maker, batch)
  }

  async #writeRows<Raw extends object>(reader: OpenRows<Raw>, maker: RowMaker<Raw>, batch: Batch<Raw>): Promise<void> {
    const { batchRows } = this.#settings
    const tally = this.#tally
    tally.ignored = maker.ignored
    let rowsInBatch = 0
    let blocks = 0
    for (;;) {
      const block = await this.#fromSource(() => reader.next())
      tally.bytes = reader.bytesRead
      tally.totalBytes = reader.totalBytes
      if (block === null) break
      for (let from = 0; from < block.length; ) {
        const to = Math.min(block.length, from + batchRows - rowsInBatch)
        batch.add(block, from, to, tally.rows)
        tally.rows += to - from
        rowsInBatch += to - from
        from = to
        if (rowsInBatch < batchRows) break
        this.#write(batch)
        rowsInBatch = 0
        blocks = 0
        await this.#giveTurn()
      }
      if (++blocks < blocksPerTurn) continue
      blocks = 0
      await this.#giveTurn()
    }
    this.#write(batch)
  }

  /** Lets the rest of the process work between two batches. */
  async #giveTurn(): Promise<void> {
    await nextTurn()
    this.#stopIfOver()
    if (this.#tally.elapsed - this.#lastProgress >= this.#settings.progressEvery) await this.#tellProgress()
  }

  async #tellProgress(): Promise<void> {
    const { onProgress } = this.#settings
    if (onProgress === null) return
    this.#lastProgress = this.#tally.elapsed
    await onProgress(this.#tally.progress())
    this.#stopIfOver()
  }

  /** Waits for the source. */
  async #fromSource<T>(action: () => Promise<T>): Promise<T> {
    let result: T
    try {
      result = await action()
    } catch (error) {
      throw error instanceof CrowdbitError && error.code === 'INGEST_MAPPING' ? error : this.#unreadable(error)
    }
    this.#stopIfOver()
    return result
  }

  #write(batch: Batch<never>): void {
    const { maxRejects } = this.#settings
    if (batch.write(() => this.#tally.rejected <= maxRejects)) return
    const { rejected } = this.#tally
    throw this.#fault(
      'INGEST_TOO_MANY_REJECTS',
      `${rejected} rows were rejected, where maxRejects allows ${maxRejects}; the report lists the first`,
      { rejected, maxRejects },
    )
  }

  #stopIfOver(): void {
    if (this.#stopped) throw this.#fault('INGEST_ABORTED', 'the ingest is over')
  }

  #unreadable(cause: unknown): CrowdbitError {
    const because = cause instanceof Error ? cause.message : show(cause)
    const errno = (cause as { code?: unknown } | null | undefined)?.code
    return this.#fault(
      'INGEST_SOURCE',
      `${this.#name} could not be read to its end: ${because}`,
      typeof errno === 'string' ? { errno } : {},
      cause,
    )
  }

  #fault(code: ErrorCode, statement: string, facts: ErrorFacts = {}, cause?: unknown): CrowdbitError {
    const report = this.#tally.report(false)
    const { applied } = report
    const soFar = applied === 1 ? '1 row was applied, and stays so' : `${applied} rows were applied, and stay so`
    return new CrowdbitError(
      code,
      `${statement}. ${soFar}`,
      { ...facts, source: this.#name, report },
      cause === undefined ? undefined : { cause },
    )
  }
}
