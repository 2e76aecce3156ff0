import { FileBytes } from './file-bytes.ts'
import { GunzipBytes } from './gunzip-bytes.ts'
import { type ByteInput, InputBytes } from './input-bytes.ts'
import type { OpenBytes } from './open-bytes.ts'

/** Opens the bytes of a file, unpacked. */
export async function openFile(path: string, gzip: boolean): Promise<OpenBytes> {
  const bytes = await FileBytes.open(path)
  return gzip ? new GunzipBytes(bytes) : bytes
}

/** Opens the bytes of an input, unpacked. */
export function openInput(input: ByteInput, gzip: boolean): OpenBytes {
  const bytes = new InputBytes(input)
  return gzip ? new GunzipBytes(bytes) : bytes
}
