import { checkKeys } from '../base/check-keys.ts'
import { checkByteOptions } from './csv-options.ts'
import { IngestSource } from './ingest-source.ts'
import type { ByteInput } from './input-bytes.ts'
import { NdjsonReader } from './ndjson-reader.ts'
import { openFile, openInput } from './open-unpacked.ts'

/** How an NDJSON source is written. */
export interface NdjsonOptions {
  /** Whether the bytes are gzip. @default whether the name of the file ends in `.gz` */
  readonly gzip?: boolean
  /** Longest line, in bytes. A longer one is rejected, and not held in memory. From 1 to 268,435,456. @default 16,777,216 */
  readonly maxRowBytes?: number
}

/**
 * An NDJSON file as a source: UTF-8, one JSON object a line, blank lines skipped. A name that ends in `.gz` is unpacked.
 * Nothing is opened before the ingest begins, and each ingest opens the file anew.
 *
 * @example
 * ```ts
 * const members = ndjsonFile('members.ndjson.gz')
 * members.name // members.ndjson.gz
 * ```
 * @throws OPTION_INVALID
 */
export function ndjsonFile(path: string, options: NdjsonOptions = {}): IngestSource {
  const { gzip, maxRowBytes } = check(options, path)
  return new IngestSource(path, () => new NdjsonReader(openFile(path, gzip), maxRowBytes))
}

/**
 * NDJSON that comes from elsewhere as a source: a Node stream, a web stream, any iterable of bytes or texts, or the whole
 * as one text. A stream is destroyed when the ingest ends, however it ends.
 *
 * @example
 * ```ts
 * const lines = ndjson('{"openid":"u1","老客":true}\n{"openid":"u2","cityTier":null}\n')
 * await crowd.ingest(lines, { id: 'openid' })
 * crowd.get('u1').老客 // true
 * crowd.get('u2').cityTier // undefined
 * ```
 * @throws OPTION_INVALID
 */
export function ndjson(input: ByteInput, options: NdjsonOptions = {}): IngestSource {
  const { gzip, maxRowBytes } = check(options, null)
  return new IngestSource('the NDJSON input', () => new NdjsonReader(openInput(input, gzip), maxRowBytes))
}

function check(options: NdjsonOptions, path: string | null): { gzip: boolean; maxRowBytes: number } {
  checkKeys(options, ['gzip', 'maxRowBytes'])
  return checkByteOptions(options, path, 16 * 1024 * 1024)
}
