import { type CsvOptions, checkCsvOptions } from './csv-options.ts'
import { CsvReader } from './csv-reader.ts'
import { IngestSource } from './ingest-source.ts'
import type { ByteInput } from './input-bytes.ts'
import { openFile, openInput } from './open-unpacked.ts'

/**
 * A CSV file as a source: UTF-8 with or without byte order mark, RFC 4180 quotes, a header row, any end of line. A name
 * that ends in `.gz` is unpacked. Nothing is opened before the ingest begins, and each ingest opens the file anew.
 *
 * @example
 * ```ts
 * await crowd.ingest(csvFile('members.csv'), { id: 'openid', columns: { 等级: 'cityTier' } })
 * csvFile('members.tsv.gz', { delimiter: '\t', quote: null }).name // members.tsv.gz
 * ```
 * @throws OPTION_INVALID
 */
export function csvFile(path: string, options: CsvOptions = {}): IngestSource {
  const settings = checkCsvOptions(options, path)
  return new IngestSource(path, () => new CsvReader(openFile(path, settings.gzip), settings))
}

/**
 * CSV that comes from elsewhere as a source: a Node stream, a web stream, any iterable of bytes or texts, or the whole as
 * one text. A stream is destroyed when the ingest ends, however it ends.
 *
 * @example
 * ```ts
 * const report = await crowd.ingest(csv('openid,老客\nu1,yes\nu2,perhaps\n'), { id: 'openid' })
 * report.applied // 1
 * report.rejects[0].line // 3
 * ```
 * @throws OPTION_INVALID
 */
export function csv(input: ByteInput, options: CsvOptions = {}): IngestSource {
  const settings = checkCsvOptions(options, null)
  return new IngestSource('the CSV input', () => new CsvReader(openInput(input, settings.gzip), settings))
}
