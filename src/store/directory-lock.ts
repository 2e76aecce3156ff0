import { CrowdbitError } from '../base/crowdbit-error.ts'
import { isLockName, lockName, pathOf, staleLockName } from './file-names.ts'
import type { FileSystem, LogFile } from './file-system.ts'
import { decodeLock, encodeLock, judgeOwner, type LockOwner, lockBytes } from './lock-owner.ts'
import type { LockFacts } from './process-facts.ts'
import { readFully } from './read-fully.ts'
import { errnoOf, io } from './store-fault.ts'

/** An owner says this often, in milliseconds, that it lives. */
export const beatMilliseconds = 5000
/** A lock that stays the same for this many beats has no living owner. */
const watchedBeats = 3
/** So often the lock may change hands while one process tries to get it. */
const mostTries = 20

/**
 * Keeps every other process, and every other opening by this one, out of a folder, by a file `LOCK` that can be made only
 * once. The lock of a process that ended without giving it back is taken over.
 *
 * A process that was stopped for long may lose its lock to another machine. It finds that out by the next beat, and by
 * `check` before anything that can't be taken back.
 */
export class DirectoryLock {
  readonly #fs: FileSystem
  readonly #path: string
  readonly #facts: LockFacts
  readonly #file: LogFile
  #owner: LockOwner
  #confirmed: number
  #stop: () => void = () => {}

  private constructor(fs: FileSystem, path: string, facts: LockFacts, file: LogFile, owner: LockOwner) {
    this.#fs = fs
    this.#path = path
    this.#facts = facts
    this.#file = file
    this.#owner = owner
    this.#confirmed = facts.now()
  }

  /**
   * Cost: some calls of the file system; up to 15 s where the owner of a lock that is there may live on another machine.
   *
   * @param lost called once when another process has taken the lock
   * @throws STORE_LOCKED, STORE_IO
   */
  static async acquire(
    fs: FileSystem,
    directory: string,
    facts: LockFacts,
    lost: (error: CrowdbitError) => void,
  ): Promise<DirectoryLock> {
    const path = pathOf(directory, lockName)
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const lock = await make(fs, path, facts)
      if (lock !== null) {
        const own = new DirectoryLock(fs, path, facts, lock.file, lock.owner)
        await own.#begin(directory, lost)
        return own
      }
      const seen = await readLock(fs, path)
      if (seen !== null) await takeOver(fs, directory, seen, facts)
    }
    throw lockedBy(path, null)
  }

  /** Looks whether the lock is still ours. @throws STORE_LOCK_LOST, STORE_IO */
  async check(): Promise<void> {
    let found: LockOwner | null = null
    // A read that falls into a beat may see a half of it.
    for (let look = 0; look < 3 && found === null; look++) {
      const bytes = await readLock(this.#fs, this.#path)
      if (bytes === null) break
      found = decodeLock(bytes)
    }
    if (found?.token !== this.#owner.token) throw lostTo(this.#path, found)
    this.#confirmed = this.#facts.now()
  }

  /** As `check`, but only when so much time has passed that another machine may have waited for a beat in vain. */
  async checkWhenLate(): Promise<void> {
    if (Math.abs(this.#facts.now() - this.#confirmed) > 2 * beatMilliseconds) await this.check()
  }

  /** Gives the folder back. A lock that is another's is left alone. */
  async release(): Promise<void> {
    this.#stop()
    const lost = await this.check().then(
      () => false,
      (error: unknown) => error instanceof CrowdbitError && error.code === 'STORE_LOCK_LOST',
    )
    await this.#file.close().catch(() => {})
    if (!lost) await this.#fs.remove(this.#path).catch(() => {})
    this.#facts.held.delete(this.#owner.token)
  }

  async #begin(directory: string, lost: (error: CrowdbitError) => void): Promise<void> {
    this.#facts.held.add(this.#owner.token)
    try {
      await this.check()
    } catch (error) {
      await this.release()
      throw error instanceof CrowdbitError && error.code === 'STORE_LOCK_LOST' ? lockedBy(this.#path, null) : error
    }
    // Left behind by who ended while taking a lock over.
    const names = await this.#fs.list(directory).catch(() => [])
    for (const name of names) {
      if (isLockName(name) && name !== lockName) await this.#fs.remove(pathOf(directory, name)).catch(() => {})
    }
    this.#stop = this.#facts.every(beatMilliseconds, () => void this.#beat(lost))
  }

  async #beat(lost: (error: CrowdbitError) => void): Promise<void> {
    try {
      await this.check()
      this.#owner = { ...this.#owner, beat: this.#owner.beat + 1 }
      this.#file.writeSync(0, encodeLock(this.#owner))
    } catch (error) {
      // What can't be read or written now may be so at the next beat.
      if (!(error instanceof CrowdbitError) || error.code !== 'STORE_LOCK_LOST') return
      this.#stop()
      lost(error)
    }
  }
}

/**
 * Looks whether somebody has a folder open, without taking it.
 *
 * @throws STORE_LOCKED unless its owner has ended for certain; STORE_IO
 */
export async function refuseLocked(fs: FileSystem, directory: string, facts: LockFacts): Promise<void> {
  const path = pathOf(directory, lockName)
  const bytes = await readLock(fs, path)
  if (bytes === null) return
  const owner = decodeLock(bytes)
  if (judgeOwner(owner, facts) !== 'stale') throw lockedBy(path, owner)
}

/** Makes the lock, unless there is one. */
async function make(
  fs: FileSystem,
  path: string,
  facts: LockFacts,
): Promise<{ readonly file: LogFile; readonly owner: LockOwner } | null> {
  const file = await io('create', path, () =>
    fs.createLog(path).catch((error: unknown) => {
      if (errnoOf(error) === 'EEXIST') return null
      throw error
    }),
  )
  if (file === null) return null
  const { pid, host, bootId, space } = facts
  const startTicks = facts.startTicks(pid)
  const owner: LockOwner = { pid, host, bootId, space, startTicks, token: facts.token(), since: facts.now(), beat: 0 }
  try {
    await io('write', path, async () => file.writeSync(0, encodeLock(owner)))
    // So that a loss of power leaves a whole lock, which is known to be stale at once.
    await io('sync', path, () => file.sync())
    return { file, owner }
  } catch (error) {
    await file.close().catch(() => {})
    await fs.remove(path).catch(() => {})
    throw error
  }
}

/** Puts a lock without living owner out of the way; of several who try, one does. @throws STORE_LOCKED, STORE_IO */
async function takeOver(fs: FileSystem, directory: string, seen: Uint8Array, facts: LockFacts): Promise<void> {
  const path = pathOf(directory, lockName)
  const owner = decodeLock(seen)
  const state = judgeOwner(owner, facts)
  if (state === 'held') throw lockedBy(path, owner)
  for (let beat = 0; state === 'unknown' && beat < watchedBeats; beat++) {
    await facts.sleep(beatMilliseconds)
    const now = await readLock(fs, path)
    if (now === null) return
    if (Buffer.compare(now, seen) !== 0) throw lockedBy(path, decodeLock(now))
  }
  const now = await readLock(fs, path)
  if (now === null) return
  if (Buffer.compare(now, seen) !== 0) throw lockedBy(path, decodeLock(now))
  const aside = pathOf(directory, staleLockName(facts.token()))
  const moved = await io('rename', path, () =>
    fs.rename(path, aside).then(
      () => true,
      (error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return false
        throw error
      },
    ),
  )
  if (!moved) return
  const taken = await readLock(fs, aside)
  if (taken === null || Buffer.compare(taken, seen) === 0) {
    await fs.remove(aside).catch(() => {})
    return
  }
  // Another was quicker, and this is its new lock: back with it. In between, its owner may have been refused a check.
  if ((await readLock(fs, path)) === null) await fs.rename(aside, path).catch(() => {})
  else await fs.remove(aside).catch(() => {})
  throw lockedBy(path, decodeLock(taken))
}

/** The bytes of a lock; `null` where there is none. @throws STORE_IO */
async function readLock(fs: FileSystem, path: string): Promise<Uint8Array | null> {
  return io('read', path, async () => {
    const file = await fs.open(path).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null
      throw error
    })
    if (file === null) return null
    try {
      const bytes = new Uint8Array(Math.min(file.size, lockBytes))
      await readFully(file, path, 0, bytes)
      return bytes
    } finally {
      await file.close().catch(() => {})
    }
  })
}

function lockedBy(path: string, owner: LockOwner | null): CrowdbitError {
  const folder = path.slice(0, -lockName.length - 1)
  const who =
    owner === null
      ? 'another process'
      : `process ${owner.pid} on ${owner.host}, since ${new Date(owner.since).toISOString()}`
  return new CrowdbitError(
    'STORE_LOCKED',
    `the folder ${folder} is open: ${who}. One engine at a time may have it: close that one first`,
    { path: folder, pid: owner?.pid ?? null, host: owner?.host ?? null, since: owner?.since ?? null },
  )
}

function lostTo(path: string, owner: LockOwner | null): CrowdbitError {
  const folder = path.slice(0, -lockName.length - 1)
  const how = owner === null ? 'is gone' : `was taken by process ${owner.pid} on ${owner.host}`
  return new CrowdbitError(
    'STORE_LOCK_LOST',
    `the lock of the folder ${folder} ${how}, so this process takes no more writes. Open the folder again, in one process`,
    { path: folder, pid: owner?.pid ?? null, host: owner?.host ?? null },
  )
}
