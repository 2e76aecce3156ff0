const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The bytes of an array, little-endian. A view where the machine is, else a copy. */
export function littleEndianBytes(values: Uint32Array | Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return isLittleEndian ? bytes : swapped(Uint8Array.from(bytes), values.BYTES_PER_ELEMENT)
}

/** Numbers of bytes that own their memory; `null` where the length is no whole number of them. */
export function uint32sOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array | null {
  if (bytes.length % 4 !== 0) return null
  const own = isLittleEndian ? bytes : swapped(bytes, 4)
  return new Uint32Array(own.buffer, 0, own.length / 4)
}

/** As `uint32sOf`, of doubles. */
export function float64sOf(bytes: Uint8Array<ArrayBuffer>): Float64Array | null {
  if (bytes.length % 8 !== 0) return null
  const own = isLittleEndian ? bytes : swapped(bytes, 8)
  return new Float64Array(own.buffer, 0, own.length / 8)
}

function swapped<B extends Uint8Array>(bytes: B, size: number): B {
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse()
  return bytes
}
