/** What is used of WebAssembly: the types of Node without those of a browser don't have it. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer
  grow(pages: number): number
}

interface WasmNamespace {
  readonly Memory: new (descriptor: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => WasmMemory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    imports: { readonly m: { readonly m: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

export const wasm: WasmNamespace = (globalThis as unknown as { readonly WebAssembly: WasmNamespace }).WebAssembly

/** What a module over a memory exports. */
export function instantiate<T>(bytes: Uint8Array<ArrayBuffer>, memory: WasmMemory): T {
  return new wasm.Instance(new wasm.Module(bytes), { m: { m: memory } }).exports as T
}
