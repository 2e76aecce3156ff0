import { FileBytes } from './file-bytes.ts'
import { GunzipBytes } from './gunzip-bytes.ts'
import { type ByteInput, InputBytes } from './input-bytes.ts'
import type { OpenBytes } from './open-bytes.ts'

/** The bytes of a file, unpacked. */
export function openFile(path: string, gzip: boolean): OpenBytes {
  const bytes = new FileBytes(path)
  return gzip ? new GunzipBytes(bytes) : bytes
}

/** The bytes of an input, unpacked. */
export function openInput(input: ByteInput, gzip: boolean): OpenBytes {
  const bytes = new InputBytes(input)
  return gzip ? new GunzipBytes(bytes) : bytes
}
