import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { ColumnMappings, EmptyText } from './column-mapping.ts'
import type { IngestProgress } from './ingest-report.ts'

/** How the rows of a source are written to an engine. */
export interface IngestOptions<S extends SchemaSpec = SchemaSpec> {
  /** The column of the source that holds the id. */
  readonly id: string
  /**
   * What ids are: texts, or unsigned integers up to 2^64 - 1, for which decimal digits are read. The text `"7"` and the
   * integer 7 are two different ids.
   * @default 'string'
   */
  readonly idType?: 'string' | 'integer'
  /**
   * Which columns of the source are written to which columns of the schema, compared after NFC.
   * @default each column of the source whose name the schema has
   */
  readonly columns?: ColumnMappings<S>
  /**
   * The column of the source that holds the name of a flag, where a row says no more than that a person has it: the usual
   * export of tags, `tag,user_id`. The other columns are written as `columns` says.
   */
  readonly tag?: string
  /** Adds a flag to the schema for a name in the column `tag` that it doesn't have, 10,000 of them at most. @default false */
  readonly createTags?: boolean
  /**
   * What an empty text means, unless a mapping says otherwise. A CSV cell can't tell nothing from the empty string, and an
   * export leaves cells empty that it knows nothing about, so they are skipped. Objects can leave a key out, and write
   * `null` to clear, so an empty text is a value there.
   * @default 'skip' for CSV, 'value' for NDJSON and records
   */
  readonly empty?: EmptyText
  /** Rows written together, whole or not at all. More is a little faster, but holds the process up for longer. From 1 to 1,000,000. @default 2,048 */
  readonly batchRows?: number
  /** Ends the ingest when more rows than this are rejected. From 0. @default Infinity */
  readonly maxRejects?: number
  /** How many rejected rows the report lists. All are counted. From 0 to 1,000,000. @default 100 */
  readonly keepRejects?: number
  /** Told how far the ingest is, between batches and once at the end. A promise is waited for. */
  readonly onProgress?: (progress: IngestProgress) => void | Promise<void>
  /** Milliseconds from one progress to the next, at least. From 0. @default 250 */
  readonly progressEvery?: number
  /** Ends the ingest between two batches. */
  readonly signal?: AbortSignal
}

/** Options with the defaults filled in. */
export interface IngestSettings {
  readonly id: string
  readonly idType: 'string' | 'integer'
  readonly columns: ColumnMappings | null
  readonly tag: string | null
  readonly createTags: boolean
  readonly empty: EmptyText | null
  readonly batchRows: number
  readonly maxRejects: number
  readonly keepRejects: number
  readonly onProgress: ((progress: IngestProgress) => void | Promise<void>) | null
  readonly progressEvery: number
  readonly signal: AbortSignal | null
}

/** @throws OPTION_INVALID */
export function checkIngestOptions(options: IngestOptions): IngestSettings {
  checkKeys(options, optionNames)
  const { id, idType = 'string', columns = null, tag = null, createTags = false, empty = null } = options
  const { onProgress = null, progressEvery = 250, signal = null } = options
  const { batchRows = 2_048, maxRejects = Number.POSITIVE_INFINITY, keepRejects = 100 } = options
  if (typeof id !== 'string') throw invalid('id', id, 'the name of the column that holds the id')
  if (idType !== 'string' && idType !== 'integer') throw invalid('idType', idType, '"string" or "integer"')
  if (columns !== null && (typeof columns !== 'object' || Array.isArray(columns))) {
    throw invalid('columns', columns, 'an object of columns of the schema by column of the source')
  }
  if (tag !== null && typeof tag !== 'string') throw invalid('tag', tag, 'the name of the column that holds the tag')
  if (typeof createTags !== 'boolean') throw invalid('createTags', createTags, 'true or false')
  if (createTags && tag === null) throw invalid('createTags', createTags, 'the option tag beside it')
  if (empty !== null) checkEmpty(empty)
  checkRange('batchRows', batchRows, 1, 1_000_000)
  checkRange('keepRejects', keepRejects, 0, 1_000_000)
  if (maxRejects !== Number.POSITIVE_INFINITY) checkRange('maxRejects', maxRejects, 0, Number.MAX_SAFE_INTEGER)
  if (!(typeof progressEvery === 'number' && progressEvery >= 0)) {
    throw invalid('progressEvery', progressEvery, 'a number of milliseconds from 0')
  }
  if (onProgress !== null && typeof onProgress !== 'function') throw invalid('onProgress', onProgress, 'a function')
  if (signal !== null && !(signal instanceof AbortSignal)) throw invalid('signal', signal, 'an AbortSignal')
  return {
    id: id.normalize('NFC'),
    idType,
    columns,
    tag: tag === null ? null : tag.normalize('NFC'),
    createTags,
    empty,
    batchRows,
    maxRejects,
    keepRejects,
    onProgress,
    progressEvery,
    signal,
  }
}

/** @throws OPTION_INVALID */
export function checkEmpty(empty: unknown): asserts empty is EmptyText {
  if (empty !== 'skip' && empty !== 'clear' && empty !== 'value') {
    throw invalid('empty', empty, '"skip", "clear" or "value"')
  }
}

/** The error for an option whose value doesn't fit. */
export function invalid(option: string, value: unknown, expected: string): CrowdbitError {
  return new CrowdbitError('OPTION_INVALID', `${option} is ${show(value)}, where ${expected} is expected`, { option })
}

const optionNames: readonly (keyof IngestOptions)[] = [
  'id',
  'idType',
  'columns',
  'tag',
  'createTags',
  'empty',
  'batchRows',
  'maxRejects',
  'keepRejects',
  'onProgress',
  'progressEvery',
  'signal',
]

function checkRange(option: string, value: unknown, least: number, most: number): void {
  if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) {
    throw invalid(option, value, `a whole number from ${least} to ${most}`)
  }
}
