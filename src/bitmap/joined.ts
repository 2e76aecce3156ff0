import { ShortTurns } from '../base/short-turns.ts'
import { type Bitmap, bitmapOf } from './bitmap.ts'

/**
 * Parts of a bitmap that were made by several, put together in short turns: they are taken over, and where there is no part, nobody is. The bitmap
 * is the caller's.
 */
export async function joined(parts: readonly (Bitmap | undefined)[]): Promise<Bitmap> {
  const turns = new ShortTurns()
  const [first = bitmapOf(), ...others] = parts.filter((part) => part !== undefined)
  for (const other of others) {
    await turns.mayEnd()
    first.orInPlace(other)
    other.dispose()
  }
  return first
}
