import { createHash } from 'node:crypto'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import type { Manifest } from './manifest.ts'
import { readManifestFields } from './manifest-fields.ts'
import { packPlainData } from './plain-data.ts'
import { PlainDataFault, unpackPlainData } from './plain-data-reader.ts'
import { corrupt } from './store-fault.ts'

/** Version of the store's format that this code writes, and the newest that it reads. */
export const formatVersion = 2

/** First bytes of every manifest. */
const magic = new TextEncoder().encode('CROWDBIT')
const headerBytes = 16
const hashBytes = 32

/**
 * Longest manifest in bytes: 256 MiB. It is read whole, so the limit bounds what a hostile folder makes us allocate;
 * it has room for a million sections of 256 bytes each. What is longer belongs into sections.
 */
export const longestManifest: number = 256 * 1024 * 1024

/**
 * The bytes of a manifest: magic, version, payload length, payload, SHA-256 of all before.
 * Cost: O(size).
 *
 * @throws INTERNAL when it would be longer than `longestManifest`.
 */
export function encodeManifest(manifest: Manifest, version: number = formatVersion): Uint8Array {
  const payload = packPlainData({
    generation: manifest.generation,
    ...(version === 1 ? {} : { storeId: manifest.storeId, sequence: manifest.sequence, log: manifest.log }),
    files: manifest.files.map(({ name, bytes }) => ({ name, bytes })),
    sections: manifest.sections.map(({ name, version, file, offset, bytes, sha256 }) => ({
      name,
      version,
      file,
      offset,
      bytes,
      sha256,
    })),
    meta: manifest.meta,
  })
  const length = headerBytes + payload.length + hashBytes
  invariant(length <= longestManifest, 'meta and the list of sections fit into 256 MiB')
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(8, version, true)
  view.setUint32(12, payload.length, true)
  bytes.set(payload, headerBytes)
  bytes.set(sha256(bytes.subarray(0, length - hashBytes)), length - hashBytes)
  return bytes
}

/** Whether the bytes begin as every manifest of crowdbit does. */
export function beginsAsManifest(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

/**
 * Reads a manifest. The frame is the same in every version of the format, so damage is told apart from a newer version.
 * Cost: O(size).
 *
 * @throws STORE_CORRUPT, STORE_VERSION_UNSUPPORTED
 */
export function decodeManifest(bytes: Uint8Array, path: string): Manifest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < headerBytes + hashBytes) {
    throw damaged(path, bytes.length, `${bytes.length} bytes`, `at least ${headerBytes + hashBytes} bytes`)
  }
  if (!beginsAsManifest(bytes)) throw damaged(path, 0, 'other bytes', 'the letters CROWDBIT')
  const payloadLength = view.getUint32(12, true)
  const expectedLength = headerBytes + payloadLength + hashBytes
  if (bytes.length !== expectedLength) {
    throw damaged(path, 12, `a payload of ${payloadLength} bytes in a file of ${bytes.length}`, 'lengths that fit')
  }
  const end = headerBytes + payloadLength
  const stated = hex(bytes.subarray(end))
  const actual = hex(sha256(bytes.subarray(0, end)))
  if (stated !== actual) throw damaged(path, end, `bytes with the SHA-256 ${actual}`, `the stated ${stated}`)
  const version = view.getUint32(8, true)
  if (version > formatVersion) {
    throw new CrowdbitError(
      'STORE_VERSION_UNSUPPORTED',
      `${path} has format version ${version}, and this crowdbit reads up to ${formatVersion}. Upgrade crowdbit to open it`,
      { path, found: version, supported: formatVersion },
    )
  }
  if (version === 0) throw damaged(path, 8, 'format version 0', `1 to ${formatVersion}`)
  try {
    return readManifestFields(unpackPlainData(bytes.subarray(headerBytes, end)), version)
  } catch (error) {
    if (!(error instanceof PlainDataFault)) throw error
    throw damaged(path, headerBytes + error.offset, error.found, error.expected)
  }
}

function damaged(path: string, offset: number, found: string, expected: string): CrowdbitError {
  return corrupt(
    `the manifest ${path} is damaged: at byte ${offset} there is ${found}, where ${expected} is expected`,
    {
      path,
      offset,
      found,
      expected,
    },
  )
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
