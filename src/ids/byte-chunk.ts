/** Bytes of ids in a full-sized chunk of the arena. */
export const chunkBytes: number = 1 << 20

/**
 * A run of bytes, seen three times: plain for the loops, as a `Buffer` because that decodes short text fastest, and as a
 * `DataView`, which reads four bytes at once from any place.
 */
export interface ByteChunk {
  bytes: Uint8Array
  text: Buffer
  view: DataView
}

/** A chunk of `size` zeros. */
export function newByteChunk(size: number): ByteChunk {
  const bytes = new Uint8Array(size)
  return { bytes, text: Buffer.from(bytes.buffer), view: new DataView(bytes.buffer) }
}

/**
 * Makes the first chunk larger, in place: at least twice, at least `needed`, at most a full chunk. The old bytes are
 * wiped, for they are ids. Gives by how many bytes it grew.
 */
export function growFirst(chunk: ByteChunk, needed: number): number {
  const old = chunk.bytes
  const bytes = new Uint8Array(Math.min(chunkBytes, Math.max(needed, old.length * 2)))
  bytes.set(old)
  old.fill(0)
  chunk.bytes = bytes
  chunk.text = Buffer.from(bytes.buffer)
  chunk.view = new DataView(bytes.buffer)
  return bytes.length - old.length
}
