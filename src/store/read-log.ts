import { CrowdbitError } from '../base/crowdbit-error.ts'
import { logSegmentName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { decodeSegmentHeader, frameSeed, logVersion, segmentHeaderBytes } from './log-format.ts'
import { type FrameVisitor, LogReader } from './log-reader.ts'

/** What of a log is to be read. */
export interface LogSource {
  readonly directory: string
  /** Ordinals of the segments that are there, rising. */
  readonly ordinals: readonly number[]
  /** `null` where no snapshot says it: then the first good segment does. */
  readonly storeId: string | null
  /** What the snapshot holds, or 0. */
  readonly snapshotSequence: number
  /** The segment that the snapshot says goes on behind it. */
  readonly log: number | null
}

/** A place where a log isn't what it was, and why that matters or doesn't. */
export interface LogFault {
  /**
   * `torn`: nothing that was known to be on the medium is missing, as after a loss of power; the tail may be cut off
   * there. `damage`: something is.
   */
  readonly kind: 'torn' | 'damage'
  readonly path: string
  readonly offset: number
  readonly found: string
  readonly expected: string
  /** The first mutation that is missing. */
  readonly sequence: number
  /** Bytes from there to the end of the log. */
  readonly bytes: number
  /** Index in `LogContent.segments`; none for a segment that isn't there. */
  readonly segment: number | null
}

/** A segment as it was read. */
export interface ReadSegment {
  readonly ordinal: number
  readonly path: string
  readonly size: number
  /** Whether its header is good. One with a bad header has no frame. */
  readonly sound: boolean
  /** Its bytes up to here are good, and stand. */
  readonly goodBytes: number
  /** From here on nothing says that its bytes are on the medium. */
  readonly provenBytes: number
  /** Whether it has a record behind the snapshot. */
  readonly needed: boolean
}

/** Takes a record, whose payload lies in `bytes` from `start` to `end` (excluded), and is only good during the call. */
export type RecordVisitor = (sequence: number, bytes: Uint8Array, start: number, end: number) => void

/** What a log holds. */
export interface LogContent {
  /** The last mutation of snapshot and log. */
  readonly sequence: number
  readonly storeId: string | null
  /** Records handed over. */
  readonly records: number
  readonly segments: readonly ReadSegment[]
  readonly fault: LogFault | null
}

interface Segment extends ReadSegment {
  readonly reader: LogReader
  sound: boolean
  goodBytes: number
  provenBytes: number
  needed: boolean
  /** The sequence that its frames go on behind; `null` where its first frame isn't good. */
  after: number | null
  /** Places in it, and the sequence that they are behind, some MiB apart. */
  readonly places: { readonly offset: number; readonly sequence: number }[]
}

/** Distance of the places that are remembered. */
const placeBytes = 1024 * 1024

/**
 * Reads the log behind a snapshot, record by record in order, up to its end or to where it isn't what it was.
 *
 * Cost: O(bytes), some millions of short records a second; a few MiB of memory, or a record.
 *
 * @throws STORE_IO; STORE_VERSION_UNSUPPORTED; what `visit` throws
 */
export async function readLog(fs: FileSystem, source: LogSource, visit: RecordVisitor): Promise<LogContent> {
  const log = new LogWalk(source)
  try {
    for (const ordinal of source.ordinals) {
      if (source.log === null || ordinal >= source.log) await log.open(fs, ordinal)
    }
    return await log.read(visit)
  } finally {
    await log.close()
  }
}

/** A frame without a payload. */
function isMark(start: number, end: number): boolean {
  return start === end
}

class LogWalk {
  readonly #source: LogSource
  readonly #segments: Segment[] = []
  #storeId: string | null
  #seed = 0
  #fault: LogFault | null = null
  #sequence: number
  /** The highest sequence that is known to be on the medium. */
  #durable: number
  #records = 0

  constructor(source: LogSource) {
    this.#source = source
    this.#storeId = source.storeId
    this.#sequence = source.snapshotSequence
    this.#durable = source.snapshotSequence
    if (source.storeId !== null) this.#seed = frameSeed(source.storeId)
  }

  /** Opens a segment and looks at its beginning. */
  async open(fs: FileSystem, ordinal: number): Promise<void> {
    const path = pathOf(this.#source.directory, logSegmentName(ordinal))
    const reader = await LogReader.open(fs, path)
    const segment: Segment = {
      ordinal,
      path,
      reader,
      size: reader.size,
      sound: false,
      goodBytes: 0,
      provenBytes: 0,
      needed: false,
      after: null,
      places: [],
    }
    const place = this.#segments.push(segment) - 1
    const header = decodeSegmentHeader(await reader.beginning(segmentHeaderBytes))
    if ('found' in header) {
      // A header is on the medium before anything stands behind it, so a loss of power leaves none in a longer file.
      const lost = reader.size > segmentHeaderBytes || ordinal === this.#source.log
      if (lost) this.#report('damage', place, header.offset, header.found, header.expected)
      return
    }
    if (header.version > logVersion) {
      throw new CrowdbitError(
        'STORE_VERSION_UNSUPPORTED',
        `${path} has log version ${header.version}, and this crowdbit reads up to ${logVersion}. Upgrade crowdbit to open it`,
        { path, found: header.version, supported: logVersion },
      )
    }
    if (header.version === 0) return this.#report('damage', place, 8, 'log version 0', `1 to ${logVersion}`)
    if (header.ordinal !== ordinal) {
      return this.#report('damage', place, 32, `segment ${header.ordinal}`, `segment ${ordinal}`)
    }
    if (this.#storeId === null) {
      this.#storeId = header.storeId
      this.#seed = frameSeed(header.storeId)
    }
    if (header.storeId !== this.#storeId) {
      return this.#report('damage', place, 16, `the log of the store ${header.storeId}`, `that of ${this.#storeId}`)
    }
    segment.sound = true
    segment.goodBytes = segmentHeaderBytes
    await reader.walk(segmentHeaderBytes, this.#seed, (sequence, _durable, _bytes, start, end) => {
      segment.after = isMark(start, end) ? sequence : sequence - 1
      return false
    })
    reader.rest()
  }

  async read(visit: RecordVisitor): Promise<LogContent> {
    const { log, directory } = this.#source
    const first = this.#segments[0]
    if (log !== null && first?.ordinal !== log && this.#fault === null) {
      const path = pathOf(directory, logSegmentName(log))
      const sequence = this.#sequence + 1
      const fault = { path, offset: 0, found: 'no file', expected: 'the segment that the manifest names', sequence }
      this.#fault = { kind: 'damage', ...fault, bytes: 0, segment: null }
    }
    // A fault of a header stops at that segment; one that is missing, at once.
    const stop = this.#fault === null ? this.#segments.length : (this.#fault.segment ?? 0)
    const beginFault = this.#fault
    this.#fault = null
    for (let place = 0; place < stop && this.#fault === null; place++) await this.#readSegment(place, visit)
    this.#fault ??= beginFault === null ? null : { ...beginFault, sequence: this.#sequence + 1 }
    if (this.#fault !== null) this.#fault = { ...this.#fault, bytes: this.#bytesFrom(this.#fault) }
    for (const segment of this.#segments) this.#prove(segment)
    return {
      sequence: this.#sequence,
      storeId: this.#storeId,
      records: this.#records,
      segments: this.#segments,
      fault: this.#fault,
    }
  }

  async close(): Promise<void> {
    for (const { reader } of this.#segments) await reader.close()
  }

  async #readSegment(place: number, visit: RecordVisitor): Promise<void> {
    const segment = this.#segments[place]!
    if (!segment.sound) return
    const limit = this.#limit(place)
    const { snapshotSequence } = this.#source
    let gap: string | null = null
    let superseded = false
    const take: FrameVisitor = (sequence, durable, bytes, start, end, offset) => {
      const known = this.#sequence
      if (sequence > limit) {
        superseded = true
        return false
      }
      const mark = isMark(start, end)
      const inOrder = mark ? sequence <= known : sequence === known + 1 || sequence <= Math.min(known, snapshotSequence)
      if (!inOrder) {
        gap = mark ? `a mark behind record ${sequence}` : `record ${sequence}`
        return false
      }
      if (durable > this.#durable) this.#durable = durable
      if (offset - (segment.places.at(-1)?.offset ?? 0) >= placeBytes) {
        segment.places.push({ offset, sequence: mark ? sequence : sequence - 1 })
      }
      if (!mark && sequence > known) {
        visit(sequence, bytes, start, end)
        this.#sequence = sequence
        this.#records++
        segment.needed = true
      }
      return true
    }
    const end = await segment.reader.walk(segmentHeaderBytes, this.#seed, take)
    segment.reader.rest()
    segment.goodBytes = end.offset
    if (end.bad === null && !end.refused) return
    if (superseded) return
    const next = this.#sequence + 1
    const outOfOrder = gap as string | null
    // What can't be read is behind all that there was, when the next segment goes on with what comes next.
    const after = this.#after(place)
    if (outOfOrder === null && after !== null && after < next) return
    const known = await this.#findDurable(place, end.offset, next)
    const found = outOfOrder ?? end.bad?.found ?? 'other bytes'
    const expected = `record ${next}${end.bad === null ? '' : ` (${end.bad.expected})`}${known}`
    this.#report(known === '' ? 'torn' : 'damage', place, end.offset, found, expected)
  }

  /** Where the next segment with a good beginning goes on. */
  #after(place: number): number | null {
    return this.#segments.slice(place + 1).find((segment) => segment.after !== null)?.after ?? null
  }

  /**
   * Records above this aren't the log's: a later segment goes on behind it. Only who went on writing after losing the
   * lock, or couldn't take a refused record back, leaves such.
   */
  #limit(place: number): number {
    const after = this.#segments.slice(place + 1).map((segment) => segment.after ?? Number.MAX_SAFE_INTEGER)
    return after.reduce((least, one) => Math.min(least, one), Number.MAX_SAFE_INTEGER)
  }

  /** Says which frame knows that `sequence` was on the medium, or nothing where none does. */
  async #findDurable(place: number, offset: number, sequence: number): Promise<string> {
    const all = this.#segments.reduce((sum, { size }) => sum + size, 0)
    for (const [i, segment] of this.#segments.entries()) {
      if (i < place) continue
      const from = i === place ? offset : segmentHeaderBytes
      const frame = await segment.reader.find(from, this.#seed, sequence, 64 * 1024 * 1024 + 4 * all)
      if (frame === null) return `; what follows in ${segment.path} looks like a log and isn't one`
      if (frame !== undefined) return `, which was on the medium by byte ${frame.offset} of ${segment.path}`
    }
    return ''
  }

  #prove(segment: Segment): void {
    if (this.#sequence <= this.#durable) segment.provenBytes = segment.goodBytes
    else {
      const proven = segment.places.filter((place) => place.sequence <= this.#durable).at(-1)
      segment.provenBytes = Math.min(proven?.offset ?? segmentHeaderBytes, segment.goodBytes)
    }
  }

  #report(kind: LogFault['kind'], place: number, offset: number, found: string, expected: string): void {
    if (this.#fault !== null) return
    const { path } = this.#segments[place]!
    this.#fault = { kind, path, offset, found, expected, sequence: this.#sequence + 1, bytes: 0, segment: place }
  }

  #bytesFrom({ segment, offset }: LogFault): number {
    if (segment === null) return 0
    const all = this.#segments.slice(segment).reduce((sum, { size }) => sum + size, 0)
    return all - Math.min(offset, this.#segments[segment]!.size)
  }
}
