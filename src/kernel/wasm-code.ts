/**
 * Bytes of a WebAssembly module, written one behind the other.
 * Source: WebAssembly Core Specification 2.0, chapter 5, and the opcodes of its SIMD instructions.
 */
export class WasmCode {
  #bytes = new Uint8Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** What was written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  byte(...bytes: readonly number[]): this {
    for (const byte of bytes) {
      if (this.#length === this.#bytes.length) this.#grow(this.#length + 1)
      this.#bytes[this.#length++] = byte
    }
    return this
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  /** An unsigned integer, in LEB128. */
  u32(value: number): this {
    let rest = value >>> 0
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80)
    return this.byte(rest)
  }

  /** A signed integer, in LEB128. */
  s32(value: number): this {
    let rest = value | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low)
      this.byte(low | 0x80)
    }
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text)
    return this.u32(bytes.length).byte(...bytes)
  }

  append(code: WasmCode): this {
    const length = this.#length + code.#length
    if (length > this.#bytes.length) this.#grow(length)
    this.#bytes.set(code.#bytes.subarray(0, code.#length), this.#length)
    this.#length = length
    return this
  }

  /** What is written by `content`, its length before it. */
  sized(content: (code: WasmCode) => void): this {
    const code = new WasmCode()
    content(code)
    return this.u32(code.length).append(code)
  }

  section(id: number, content: (code: WasmCode) => void): this {
    return this.byte(id).sized(content)
  }

  // ─── Instructions ────────────────────────────────────────────────────────────────────────────────────────────────────

  localGet(local: number): this {
    return this.byte(0x20).u32(local)
  }

  localSet(local: number): this {
    return this.byte(0x21).u32(local)
  }

  localTee(local: number): this {
    return this.byte(0x22).u32(local)
  }

  i32Const(value: number): this {
    return this.byte(0x41).s32(value)
  }

  i32Load(offset: number): this {
    return this.byte(0x28, 2).u32(offset)
  }

  i32Store(offset: number): this {
    return this.byte(0x36, 2).u32(offset)
  }

  i32Add(): this {
    return this.byte(0x6a)
  }

  /** A loop without results; `body` says whether to go on by leaving a condition on the stack. */
  loopWhile(body: (code: WasmCode) => void): this {
    this.byte(0x03, 0x40)
    body(this)
    // br_if 0, end
    return this.byte(0x0d, 0, 0x0b)
  }

  simd(instruction: number): this {
    return this.byte(0xfd).u32(instruction)
  }

  v128Load(offset: number): this {
    return this.simd(0x00).byte(4).u32(offset)
  }

  v128Store(offset: number): this {
    return this.simd(0x0b).byte(4).u32(offset)
  }

  v128Zero(): this {
    return this.simd(0x0c).byte(...new Uint8Array(16))
  }
}

/** SIMD instructions without immediates. */
export const simd = {
  not: 0x4d,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
  notEqual8: 0x24,
  bitMask8: 0x64,
  popcount8: 0x62,
  addPairs8: 0x7d,
  addPairs16: 0x7f,
  add8: 0x6e,
  add16: 0x8e,
  add32: 0xae,
} as const

/** Value types. */
export const i32 = 0x7f
export const i64 = 0x7e
export const v128 = 0x7b
