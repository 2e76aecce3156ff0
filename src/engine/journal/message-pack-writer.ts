const firstRoom = 1024
/** Up to this length, what was written is handed out without allocating. */
const shortRecord = 512

/**
 * Writes MessagePack into one buffer that is used again and again. Only what a record of the log needs: nil, booleans,
 * integers, floats, texts, bytes and arrays.
 *
 * Source: the MessagePack specification, github.com/msgpack/msgpack/blob/master/spec.md.
 */
export class MessagePackWriter {
  #bytes = new Uint8Array(firstRoom)
  #view = viewOf(this.#bytes)
  /** The beginnings of the buffer, by length: lengths repeat. */
  #beginnings: Uint8Array[] = []
  #length = 0

  /** What was written since `clear`. Valid until the next write. */
  get bytes(): Uint8Array {
    const length = this.#length
    if (length > shortRecord) return this.#bytes.subarray(0, length)
    while (this.#beginnings.length <= length) this.#beginnings.push(this.#bytes.subarray(0, this.#beginnings.length))
    return this.#beginnings[length]!
  }

  /** Begins anew. */
  clear(): void {
    this.#length = 0
  }

  /** Begins anew, and overwrites what was written with zeros (law 3). Room for very long records is given back. */
  wipe(): void {
    this.#bytes.fill(0, 0, this.#length)
    this.#length = 0
    if (this.#bytes.length > largestKept) this.#take(new Uint8Array(firstRoom))
  }

  nil(): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = 0xc0
  }

  bool(value: boolean): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value ? 0xc3 : 0xc2
  }

  /** The head of an array: so many values follow. */
  array(length: number): void {
    this.#reserve(5)
    if (length < 16) this.#bytes[this.#length++] = 0x90 | length
    else if (length < 0x10000) this.#head16(0xdc, length)
    else this.#head32(0xdd, length)
  }

  /** A number: an integer where it is a whole one, else a double. */
  number(value: number): void {
    this.#reserve(9)
    const bytes = this.#bytes
    if (value >= 0 && value < 128 && Number.isInteger(value)) {
      bytes[this.#length++] = value
      return
    }
    if (value > 0 && value <= 0xffff_ffff && Number.isInteger(value)) {
      if (value < 0x100) {
        bytes[this.#length++] = 0xcc
        bytes[this.#length++] = value
      } else if (value < 0x10000) this.#head16(0xcd, value)
      else this.#head32(0xce, value)
      return
    }
    // Every number is a double already: nothing is lost, and nine bytes hold all others.
    bytes[this.#length] = 0xcb
    this.#view.setFloat64(this.#length + 1, value)
    this.#length += 9
  }

  /** An unsigned integer of up to 64 bits. */
  bigint(value: bigint): void {
    this.#reserve(9)
    this.#bytes[this.#length] = 0xcf
    this.#view.setBigUint64(this.#length + 1, value)
    this.#length += 9
  }

  /** A text. Half of a surrogate pair becomes U+FFFD: texts are checked before. */
  text(value: string): void {
    const { length } = value
    // At most three bytes for each UTF-16 unit.
    this.#reserve(3 * length + 5)
    const bytes = this.#bytes
    const start = this.#length
    if (length < 32 && this.#ascii(value)) {
      bytes[start] = 0xa0 | length
      return
    }
    if (3 * length < 0x100) {
      this.#length = this.#utf8(value, start + 2)
      bytes[start] = 0xd9
      bytes[start + 1] = this.#length - start - 2
      return
    }
    const head = 3 * length < 0x10000 ? 3 : 5
    const { written } = encoder.encodeInto(value, bytes.subarray(start + head))
    if (head === 3) {
      bytes[start] = 0xda
      this.#view.setUint16(start + 1, written)
    } else {
      bytes[start] = 0xdb
      this.#view.setUint32(start + 1, written)
    }
    this.#length = start + head + written
  }

  /** Bytes as they are. */
  binary(value: Uint8Array): void {
    this.#reserve(value.length + 5)
    this.#head32(0xc6, value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** Writes a short text behind its head, where it is ASCII. */
  #ascii(value: string): boolean {
    const bytes = this.#bytes
    const start = this.#length + 1
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit >= 0x80) return false
      bytes[start + i] = unit
    }
    this.#length = start + value.length
    return true
  }

  /** Writes a short text from a place on, and gives its end. A call of the encoder would take longer. */
  #utf8(value: string, at: number): number {
    const bytes = this.#bytes
    for (let i = 0; i < value.length; i++) {
      let point = value.charCodeAt(i)
      if (point >= 0xd800 && point <= 0xdfff) {
        point = value.codePointAt(i)!
        // As the encoder does with half of a pair.
        if (point <= 0xffff) point = 0xfffd
        else i++
      }
      if (point < 0x80) {
        bytes[at++] = point
        continue
      }
      if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6)
      else {
        if (point < 0x1_0000) bytes[at++] = 0xe0 | (point >> 12)
        else {
          bytes[at++] = 0xf0 | (point >> 18)
          bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
        }
        bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
      }
      bytes[at++] = 0x80 | (point & 0x3f)
    }
    return at
  }

  #head16(type: number, value: number): void {
    this.#bytes[this.#length] = type
    this.#view.setUint16(this.#length + 1, value)
    this.#length += 3
  }

  #head32(type: number, value: number): void {
    this.#bytes[this.#length] = type
    this.#view.setUint32(this.#length + 1, value)
    this.#length += 5
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const longer = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    longer.set(this.#bytes.subarray(0, this.#length))
    this.#bytes.fill(0, 0, this.#length)
    this.#take(longer)
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#beginnings = []
  }
}

const encoder = new TextEncoder()

/** Longer buffers than this are given back after use. */
const largestKept = 1024 * 1024

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
