import { pipeline, Readable } from 'node:stream'
import { createGunzip, type Gunzip } from 'node:zlib'
import { type OpenBytes, pieceBytes } from './open-bytes.ts'

/** What gzip bytes hold. Sizes are those of the gzip bytes, so that progress can be compared with the size of the file. */
export class GunzipBytes implements OpenBytes {
  readonly #inner: OpenBytes
  readonly #gunzip: Gunzip
  readonly #parts: AsyncIterator<Buffer>

  constructor(inner: OpenBytes) {
    this.#inner = inner
    this.#gunzip = createGunzip({ chunkSize: pieceBytes })
    // A fault of either shows in the parts: the pipeline destroys the other end with it.
    pipeline(Readable.from(partsOf(inner), { highWaterMark: 1 }), this.#gunzip, () => {})
    this.#parts = this.#gunzip[Symbol.asyncIterator]()
  }

  get totalBytes(): number | null {
    return this.#inner.totalBytes
  }

  get bytesRead(): number {
    return this.#inner.bytesRead
  }

  async read(): Promise<Buffer | null> {
    const { done, value } = await this.#parts.next()
    return done === true ? null : value
  }

  async close(): Promise<void> {
    await this.#inner.close()
    this.#gunzip.destroy()
  }
}

async function* partsOf(bytes: OpenBytes): AsyncGenerator<Buffer> {
  for (let part = await bytes.read(); part !== null; part = await bytes.read()) yield part
}
