import { type ByteReader, lengthBytes } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { type Bitmap, bitmapFromCheckedBytes, portableBytes, type ReadonlyBitmap } from './bitmap.ts'
import { checkPortableBitmap, type PortableBitmapFacts } from './portable-format.ts'

/** A bitmap inside a saved section: its length as 8 bytes, then portable Roaring bytes. */
export function* writeBitmap(bitmap: ReadonlyBitmap): Generator<Uint8Array, void, undefined> {
  const bytes = portableBytes(bitmap)
  yield lengthBytes(bytes.length)
  yield bytes
}

/**
 * Reads what `writeBitmap` wrote, checking every container, and that all values are in `within`.
 *
 * @param outside what those are that are not in `within`
 * @throws STORE_CORRUPT
 */
export function readBitmap(
  reader: ByteReader,
  what: string,
  within: ReadonlyBitmap,
  outside = 'that belong to no living person',
): Bitmap {
  const bytes = reader.bytes(reader.length(what), what)
  let facts: PortableBitmapFacts
  try {
    facts = checkPortableBitmap(bytes)
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    throw reader.fault(`${what} is not a valid bitmap: ${error.message}`, error)
  }
  const bitmap = bitmapFromCheckedBytes(bytes, facts.runsTouch)
  if (!bitmap.isSubset(within)) {
    bitmap.dispose()
    throw reader.fault(`${what} has numbers ${outside}`)
  }
  return bitmap
}
