/**
 * What the store needs of a file system. Names are paths with `/`. Every method rejects with an error that carries the
 * operating system's code (`ENOENT`, `ENOSPC` …) as `code`.
 *
 * Nothing written is safe from a loss of power before it is synced: the bytes of a file by its `sync`, the names in a
 * directory (created, renamed, removed) by `syncDirectory`. A name that is replaced by `rename` is the old file or
 * the new one at any time and after any loss, never neither.
 */
export interface FileSystem {
  /** Names in the directory, in no order. Rejects with `ENOENT` where there is none. */
  list(directory: string): Promise<readonly string[]>
  /** Makes the directory and its missing parents, and makes them durable. Does nothing where it exists. */
  makeDirectory(directory: string): Promise<void>
  /** The one name that an existing directory has behind links and `..`. */
  realPath(directory: string): Promise<string>
  /** Opens a file to read it. It stays readable while open, even when its name is removed or replaced. */
  open(path: string): Promise<ReadFile>
  /** As `open`, without waiting. Throws where `open` rejects. */
  openSync(path: string): SyncReadFile
  /** Makes a new, empty file. Rejects with `EEXIST` where the name is taken. */
  create(path: string): Promise<WriteFile>
  /** Makes a new, empty file that is written without waiting. Rejects with `EEXIST` where the name is taken. */
  createLog(path: string): Promise<LogFile>
  /**
   * Cuts a file to `bytes`, writes those from `from` on anew, and makes all durable. Anew, because after a sync that
   * failed in another process the system may call bytes written that the medium doesn't have.
   */
  truncate(path: string, bytes: number, from: number): Promise<void>
  /** Gives a file another name, replacing at once whatever has it. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file. */
  remove(path: string): Promise<void>
  /** Makes the names in the directory durable. Resolves when they are on the medium. */
  syncDirectory(directory: string): Promise<void>
}

/** A file open for reading. */
export interface ReadFile {
  /** Length in bytes when it was opened. */
  readonly size: number
  /** Fills `into` from `offset` on, perhaps only in part; gives how many bytes, 0 only at the end of the file. */
  read(offset: number, into: Uint8Array): Promise<number>
  /** Gives the file back. */
  close(): Promise<void>
}

/** A file open for reading, without waiting. Errors carry `code`, as everywhere; `EINTR` is tried again. */
export interface SyncReadFile {
  /** Length in bytes when it was opened. */
  readonly size: number
  /** Fills `into` from `offset` on, perhaps only in part; gives how many bytes, 0 only at the end of the file. */
  readSync(offset: number, into: Uint8Array): number
  /** Gives the file back. */
  closeSync(): void
}

/** A new file open for writing, from its beginning on. */
export interface WriteFile {
  /** Writes all of `bytes` behind what is there. The caller may reuse `bytes` once it resolves. */
  append(bytes: Uint8Array): Promise<void>
  /** Makes all that was appended durable. Resolves when it is on the medium. */
  sync(): Promise<void>
  /** Gives the file back, without syncing it. */
  close(): Promise<void>
}

/** A file that is written at offsets, without waiting. Errors carry `code`, as everywhere; `EINTR` is tried again. */
export interface LogFile {
  /**
   * Hands all of `bytes` to the operating system, at `offset`: from then on they survive the process, not the power. A
   * call that throws may have written a part. The caller may reuse `bytes` at once.
   */
  writeSync(offset: number, bytes: Uint8Array): void
  /** Makes all that was written durable. Resolves when it is on the medium. */
  sync(): Promise<void>
  /** Cuts the file, without waiting. Not durable before `sync`. */
  truncateSync(bytes: number): void
  /** Gives the file back, without syncing it. */
  close(): Promise<void>
}
