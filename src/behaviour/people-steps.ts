import type { Steps } from '../base/steps.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import { BitmapWriter } from '../bitmap/bitmap-writer.ts'
import type { Accumulator, Piece } from './accumulator.ts'
import { ChunkWalk, type WalkLog } from './chunk-walk.ts'

/**
 * The people whom an accumulator lets pass, measured container by container, each a step: the rows of 65,536 people are taken out of
 * each piece, one run of rows since days are sorted by person, before the next 65,536 are looked at. So what is added up
 * stays in the cache, and takes no more memory however many people there are.
 *
 * Cost: a pass over the rows, and a search for each container in each piece.
 *
 * @param pieces ascending by day
 */
export function* peopleSteps(pieces: readonly Piece[], accumulator: Accumulator, log: WalkLog): Steps<Bitmap> {
  const walk = new ChunkWalk(pieces, accumulator, log)
  const writer = new BitmapWriter()
  for (let key = walk.nextContainer(); key !== -1; key = walk.nextContainer()) {
    writer.add(key, walk.measure(key))
    yield
  }
  return writer.finish()
}
