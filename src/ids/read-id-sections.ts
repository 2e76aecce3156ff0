import { CrowdbitError } from '../base/crowdbit-error.ts'
import { xxhash32 } from '../base/xxhash32.ts'
import { ByteFeed } from './byte-feed.ts'
import { formatVersion, frameHeaderBytes, headerBytes, magic, maxBytesPerFrame, maxIdsPerFrame } from './id-sections.ts'

/** Some consecutive ids of a saved dictionary. */
export interface IdFrame {
  /** Dense number of the first. */
  readonly first: number
  /** Where the frame begins among all bytes, for messages. */
  readonly position: number
  /** Bytes of each id; 0 for one that was removed. */
  readonly lengths: Uint16Array
  /** The ids, one after another: their lengths add up to the bytes there are. */
  readonly bytes: Uint8Array
}

/**
 * The frames of a saved dictionary, their checksums and lengths checked, the ids themselves not.
 * It never allocates more than one frame can hold, whatever the bytes claim.
 *
 * @throws STORE_CORRUPT, STORE_VERSION_UNSUPPORTED
 */
export function* readIdSections(source: Uint8Array | Iterable<Uint8Array>): Generator<IdFrame, void, undefined> {
  const feed = new ByteFeed(source)
  const header = view(take(feed, headerBytes, 'the header'))
  if (header.getUint32(0, true) !== magic) throw corrupt('the bytes do not begin as a saved id dictionary', 0)
  const bytes = new Uint8Array(header.buffer, header.byteOffset, headerBytes)
  if (header.getUint32(12, true) !== xxhash32(bytes, 0, 12, 0)) throw corrupt('the checksum of the header is wrong', 0)
  const version = header.getUint32(4, true)
  if (version !== formatVersion) {
    throw new CrowdbitError(
      'STORE_VERSION_UNSUPPORTED',
      `the saved ids have format ${version}, where ${formatVersion} is expected; use the crowdbit that wrote them, or a newer one`,
      { found: version, expected: formatVersion },
    )
  }
  const count = header.getUint32(8, true)
  yield* readFrames(feed, 0, count, true)
}

/**
 * The frames of the ids `[from, to)` of a saved dictionary, as `readIdSections` gives them.
 *
 * @throws STORE_CORRUPT
 */
export function readIdRange(bytes: Uint8Array, from: number, to: number): Generator<IdFrame, void, undefined> {
  return readFrames(new ByteFeed(bytes), from, to, false)
}

function* readFrames(
  feed: ByteFeed,
  from: number,
  to: number,
  isChecked: boolean,
): Generator<IdFrame, void, undefined> {
  for (let first = from; first < to; ) {
    const frame = readFrame(feed, first, to, isChecked)
    yield frame
    first += frame.lengths.length
  }
  if (!feed.isAtEnd) throw corrupt('there are bytes after the last id', feed.position, { ids: to })
}

function readFrame(feed: ByteFeed, first: number, end: number, isChecked: boolean): IdFrame {
  const { position } = feed
  const header = view(take(feed, frameHeaderBytes + (isChecked ? 4 : 0), 'the header of a frame'))
  const ids = header.getUint32(0, true)
  const size = header.getUint32(4, true)
  if (ids < 1 || ids > maxIdsPerFrame || ids > end - first || size > maxBytesPerFrame) {
    throw corrupt(`a frame claims ${ids} ids in ${size} bytes`, position, { ids, bytes: size, idsLeft: end - first })
  }
  const body = take(feed, 2 * ids + size, 'a frame')
  if (isChecked && header.getUint32(8, true) !== xxhash32(body, 0, body.length, first)) {
    throw corrupt('the checksum of a frame is wrong', position, { firstId: first })
  }
  const lengths = new Uint16Array(ids)
  let sum = 0
  for (let i = 0; i < ids; i++) {
    const length = body[2 * i]! | (body[2 * i + 1]! << 8)
    lengths[i] = length
    sum += length
  }
  if (sum !== size) throw corrupt(`the ids of a frame take ${sum} bytes, where it has ${size}`, position)
  return { first, position, lengths, bytes: body.subarray(2 * ids) }
}

function take(feed: ByteFeed, length: number, what: string): Uint8Array {
  const { position } = feed
  const bytes = feed.take(length)
  if (bytes.length < length) {
    throw corrupt(`the bytes end inside ${what}`, position, { expected: length, found: bytes.length })
  }
  return bytes
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The error for damaged bytes: what, and where. */
export function corrupt(what: string, position: number, facts: Record<string, unknown> = {}): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `the saved ids are damaged at byte ${position}: ${what}; restore them from a backup, or load the source data again`,
    { part: 'ids', what, position, ...facts },
  )
}

/** The error for a damaged part of the table: what, and where. */
export function corruptTable(what: string, part: number, position: number): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `part ${part} of the saved table of ids is damaged at byte ${position}: ${what}; restore a backup, or let repairEngine make the table anew`,
    { part: 'id table', what, position },
  )
}
