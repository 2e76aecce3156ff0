import { ByteReader, uint32Bytes } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { readBitmap, writeBitmap } from '../bitmap/bitmap-section.ts'
import type { CategorySpec, MultiCategorySpec, ValueColumnSpec } from '../schema/column-spec.ts'
import { CategoryColumn } from './category-column.ts'
import { checkValue } from './check-value.ts'
import type { Column } from './column.ts'
import { FlagColumn } from './flag-column.ts'
import { MultiCategoryColumn } from './multi-category-column.ts'
import { NumberColumn } from './number-column.ts'
import { numberSection, readNumberSection } from './number-section.ts'

/** Version of the layout that `columnSection` writes. */
export const columnSectionVersion = 1

/**
 * A column as bytes. It must not be written to before the last of them is read: writers keep to a fork of it.
 *
 * ```
 * uint32               number of bitmaps: 1 for a flag, one a value for a category; numbers have a layout of their own
 * for each bitmap, in the order of first sight of its value:
 *   uint32             bytes of the value's text; 0 for a flag
 *   …                  the text, UTF-8 in NFC
 *   uint64             bytes of the bitmap
 *   …                  the bitmap, portable Roaring format
 * ```
 */
export function columnSection(column: Column): Iterable<Uint8Array> {
  if (column instanceof NumberColumn) return numberSection(column)
  const parts: (readonly [text: string, people: ReadonlyBitmap])[] =
    column.kind === 'flag'
      ? [['', column.present.bitmap]]
      : column.values.texts.map((text, value) => [text, column.posting(value).bitmap])
  return writeParts(parts)
}

function* writeParts(parts: readonly (readonly [string, ReadonlyBitmap])[]): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  yield uint32Bytes(parts.length)
  for (const [text, people] of parts) {
    const bytes = encoder.encode(text)
    yield uint32Bytes(bytes.length)
    if (bytes.length > 0) yield bytes
    yield* writeBitmap(people)
  }
}

/**
 * The column of a section. Every bitmap is checked, and that the values are what the column allows, different, in NFC,
 * and, in a one-value category, nobody has two.
 *
 * @throws STORE_CORRUPT
 */
export function readColumnSection(
  bytes: Uint8Array,
  name: string,
  spec: ValueColumnSpec,
  people: ReadonlyBitmap,
): Column {
  if (spec.kind === 'number' || spec.kind === 'timestamp') return readNumberSection(bytes, name, spec, people)
  const reader = new ByteReader(bytes, name)
  const count = reader.uint32('the number of bitmaps')
  const parts: (readonly [text: string, people: Bitmap])[] = []
  const seen = new Set<string>()
  for (let value = 0; value < count; value++) {
    const what = `value ${value}`
    const text = reader.text(reader.uint32(`the length of ${what}`), what)
    if (spec.kind !== 'flag') checkSavedValue(text, name, spec, reader)
    if (seen.has(text)) throw reader.fault(`${what} stands there twice`)
    seen.add(text)
    parts.push([text, readBitmap(reader, `the bitmap of ${what}`, people)])
  }
  reader.end()
  if (spec.kind === 'flag') {
    const only = parts[0]
    if (only === undefined || parts.length !== 1 || only[0] !== '')
      throw reader.fault('a flag has one bitmap, without a text')
    return new FlagColumn(spec, only[1])
  }
  if (spec.many) return MultiCategoryColumn.from(spec, parts)
  const column = CategoryColumn.from(spec, parts)
  const sizes = parts.reduce((sum, [, bitmap]) => sum + bitmap.size, 0)
  if (column.present.size !== sizes) throw reader.fault('a person has two values in a category of one')
  return column
}

function checkSavedValue(text: string, name: string, spec: CategorySpec | MultiCategorySpec, reader: ByteReader): void {
  try {
    if (checkValue(name, spec, text) === text) return
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    throw reader.fault(error.message, error)
  }
  throw reader.fault('a value is not in NFC')
}
