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
 * await crowd.ingest(csvFile('members.csv.gz'), { id: 'openid' })
 * await crowd.ingest(csvFile('members.tsv', { delimiter: '\t', quote: null }), { id: 'openid' })
 * ```
 * @throws OPTION_INVALID
 */
export function csvFile(path: string, options: CsvOptions = {}): IngestSource {
  const settings = checkCsvOptions(options, path)
  return new IngestSource(path, async () => CsvReader.open(await openFile(path, settings.gzip), settings))
}

/**
 * CSV that comes from elsewhere as a source: a Node stream, a web stream, any iterable of bytes or texts, or the whole as
 * one text. A stream is destroyed when the ingest ends, however it ends.
 *
 * @example
 * ```ts
 * await crowd.ingest(csv('openid,vip\nu1,yes\nu2,no\n'), { id: 'openid' })
 * await crowd.ingest(csv(request), { id: 'openid' })
 * ```
 * @throws OPTION_INVALID
 */
export function csv(input: ByteInput, options: CsvOptions = {}): IngestSource {
  const settings = checkCsvOptions(options, null)
  return new IngestSource('the CSV input', async () => CsvReader.open(openInput(input, settings.gzip), settings))
}
