import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'

/** How a CSV source is written. */
export interface CsvOptions {
  /** What stands between two cells: one ASCII character that is neither a quote nor an end of line. @default ',' */
  readonly delimiter?: string
  /** What a cell is put in that holds delimiters, ends of lines or quotes, which are written twice; `null` where nothing is quoted, as in many TSV files. @default '"' */
  readonly quote?: '"' | "'" | null
  /** The names of the columns, for a source without a header row. @default the first row */
  readonly columns?: readonly string[]
  /** Whether the bytes are gzip. @default whether the name of the file ends in `.gz` */
  readonly gzip?: boolean
  /** Longest row, in bytes. A longer one is rejected, and not held in memory. From 1 to 268,435,456. @default 1,048,576 */
  readonly maxRowBytes?: number
}

/** Options with the defaults filled in. */
export type CsvSettings = Required<Omit<CsvOptions, 'columns'>> & { readonly columns: readonly string[] | null }

/** @throws OPTION_INVALID */
export function checkCsvOptions(options: CsvOptions, path: string | null): CsvSettings {
  checkKeys(options, ['delimiter', 'quote', 'columns', 'gzip', 'maxRowBytes'])
  const { delimiter = ',', quote = '"', columns = null } = options
  if (quote !== null && quote !== '"' && quote !== "'") {
    throw new CrowdbitError('OPTION_INVALID', `quote is ${show(quote)}, where '"', "'" or null is expected`, { quote })
  }
  if (!isDelimiter(delimiter) || delimiter === quote) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `delimiter is ${show(delimiter)}, where one ASCII character is expected that is neither the quote nor an end of line`,
      { delimiter },
    )
  }
  if (
    columns !== null &&
    !(Array.isArray(columns) && columns.length > 0 && columns.every((name) => typeof name === 'string'))
  ) {
    throw new CrowdbitError('OPTION_INVALID', `columns is ${show(columns)}, where a list of names is expected`)
  }
  return { delimiter, quote, columns, ...checkByteOptions(options, path, defaultMaxRowBytes) }
}

/** One ASCII character, NUL and ends of lines excepted. */
function isDelimiter(text: unknown): boolean {
  if (typeof text !== 'string' || text.length !== 1 || text === '\n' || text === '\r') return false
  const code = text.charCodeAt(0)
  return code > 0 && code < 0x80
}

const defaultMaxRowBytes = 1024 * 1024
/** A row becomes a text, and the longest text that Node makes has some 512 Mi characters. */
const largestMaxRowBytes = 256 * 1024 * 1024

/** Checks the options that every source of bytes has. @throws OPTION_INVALID */
export function checkByteOptions(
  options: { readonly gzip?: boolean; readonly maxRowBytes?: number },
  path: string | null,
  longest: number,
): { gzip: boolean; maxRowBytes: number } {
  const { gzip = path !== null && /\.gz$/i.test(path), maxRowBytes = longest } = options
  if (typeof gzip !== 'boolean') {
    throw new CrowdbitError('OPTION_INVALID', `gzip is ${show(gzip)}, where true or false is expected`, { gzip })
  }
  if (!Number.isInteger(maxRowBytes) || maxRowBytes < 1 || maxRowBytes > largestMaxRowBytes) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `maxRowBytes is ${show(maxRowBytes)}, where a whole number from 1 to ${largestMaxRowBytes} is expected`,
      { maxRowBytes },
    )
  }
  return { gzip, maxRowBytes }
}
