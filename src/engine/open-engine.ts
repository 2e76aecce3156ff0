import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { TimeZone } from '../base/time-zone.ts'
import { Dataset } from '../dataset/dataset.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import { Schema } from '../schema/schema.ts'
import type { Durability } from '../store/durability.ts'
import { DurableStore } from '../store/durable-store.ts'
import type { FileSystem } from '../store/file-system.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { type LockFacts, processFacts } from '../store/process-facts.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { checkDirectory } from './check-directory.ts'
import { checkSettings, type EngineSettings, settingNames } from './create-engine.ts'
import { recoveryChannel } from './diagnostics/channels.ts'
import { toldRun } from './diagnostics/told-run.ts'
import { CheckpointPolicy } from './durable/checkpoint-policy.ts'
import { EngineLog } from './durable/engine-log.ts'
import { replayLog } from './durable/replay-log.ts'
import { type Engine, insideOf, makeEngine } from './engine.ts'
import { engineSections, type Savable } from './engine-sections.ts'
import { missingColumns } from './expected-schema.ts'
import { readStoredEngine } from './read-engine.ts'
import { restoreEngine } from './restore-engine.ts'

/** What `openEngine` takes. */
export interface OpenOptions<S extends SchemaSpec> extends EngineSettings {
  /** The folder: made where it is missing. One process at a time has it open. */
  readonly dir: string
  /**
   * Columns by name: those of a new engine. To one that is there those are added that it lacks, in this order, as `addColumn` does; all
   * others have to be as they are, and none may be left out but derived tags.
   * @default the schema that is there
   */
  readonly schema?: S
  /**
   * When the log is made durable by itself. `'always'`: right after a write, for all writes of that moment together; `{ intervalMs }`: at most
   * that much later; `'none'`: by `flushed`, `checkpoint` and `close` only. A write is in the hands of the operating system when it returns, whichever
   * is chosen, and so survives the end of the process.
   * @default 'always'
   */
  readonly durability?: Durability
  /**
   * How long the log grows, in bytes, before a checkpoint is made.
   * @default 64 MiB, or a quarter of what the last checkpoint wrote where that is more
   */
  readonly checkpointLogBytes?: number
}

/**
 * An engine that is kept in a folder: everything written to it is there again after the process ends, is killed, or loses
 * power, as `durability` says. Opening reads the last checkpoint and does the mutations of the log again. Columns that `schema` has and the folder
 * lacks are added: a program brings its new ones by being deployed. Nothing is ever dropped or changed by a schema.
 * Cost: reading and checking every byte of the checkpoint once, and about a microsecond for each mutation of the log.
 *
 * @example
 * ```ts
 * const shop = await openEngine({ dir: './data', schema: { 老客: flag() } })
 * shop.put('u1', { 老客: true })
 * await shop.close()
 * const again = await openEngine({ dir: './data' })
 * again.count('老客') // 1
 * await again.close()
 * ```
 * @throws STORE_LOCKED while it is open elsewhere; STORE_LOG_DAMAGED, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO,
 * STORE_SCHEMA_MISMATCH, OPTION_INVALID, and the SCHEMA_… codes
 */
export async function openEngine<const S extends SchemaSpec = SchemaSpec>(options: OpenOptions<S>): Promise<Engine<S>> {
  return openEngineOn(nodeFileSystem, options)
}

/** As `openEngine`, on any file system and with any knowledge of processes. */
export async function openEngineOn<const S extends SchemaSpec>(
  fs: FileSystem,
  options: OpenOptions<S>,
  lock: LockFacts = processFacts,
): Promise<Engine<S>> {
  checkKeys(options, ['dir', 'schema', 'durability', 'checkpointLogBytes', ...settingNames])
  const { dir, schema, durability = 'always', checkpointLogBytes = null, ...settings } = options
  checkDirectory(dir)
  checkDurability(durability)
  const policy = new CheckpointPolicy(checkpointLogBytes)
  const checked = checkSettings(settings)
  const expected = schema === undefined ? null : Schema.from(schema)
  const open = async (): Promise<Engine<S>> => {
    const began = performance.now()
    const store = await DurableStore.open(fs, dir, { durability, lock })
    try {
      let engine: Engine<S>
      if (store.snapshot === null) {
        const zone = TimeZone.of(checked.timeZone)
        engine = makeEngine<S>({ dataset: Dataset.empty(expected ?? Schema.from({}), zone), ...checked })
      } else {
        engine = restoreEngine<S>(await readStoredEngine(store.snapshot), settings)
      }
      const isNew = store.snapshot === null
      const inside = insideOf(engine)
      // Before the replay: what the checkpoint on the disk holds.
      const stamps = isNew ? new Map<string, string>() : savedStamps(inside.savable(), store.snapshot!)
      const report = await replayLog(store, inside)
      const missing = missingColumns(schema, inside.dataset)
      const log = new EngineLog(store, policy, inside.savable, inside.feed, stamps, store.snapshot?.sequence ?? 0)
      inside.keep(log, { ...report, milliseconds: performance.now() - began })
      for (const [column, spec] of missing) inside.dataset.apply({ kind: 'addColumn', column, spec })
      // The zone and the schema that the program was given are to be there after a crash, too.
      if (isNew) await log.checkpoint()
      else if (missing.length > 0) await log.flushed()
      return engine
    } catch (error) {
      await store.close().catch(() => {})
      throw error
    }
  }
  return toldRun(
    recoveryChannel,
    () => ({}),
    open,
    ({ recovery }) => {
      const { checkpoint, replayed, cut, milliseconds } = recovery!
      return { checkpoint, replayed, cutBytes: cut?.bytes ?? 0, milliseconds }
    },
  )
}

/** What each section of the checkpoint holds that an engine was just read from. */
function savedStamps(engine: Savable, { sections }: StoreReader): Map<string, string> {
  const { stamps, release } = engineSections(engine)
  release()
  const saved = new Map<string, string>()
  for (const { name } of sections) if (stamps.has(name)) saved.set(name, stamps.get(name)!)
  return saved
}

/** @throws OPTION_INVALID */
function checkDurability(durability: Durability): void {
  if (durability === 'always' || durability === 'none') return
  const given: unknown = durability
  if (typeof given === 'object' && given !== null) {
    const { intervalMs, ...rest } = given as { intervalMs?: unknown }
    const fits = typeof intervalMs === 'number' && intervalMs >= 1 && intervalMs <= longestInterval
    if (fits && Object.keys(rest).length === 0) return
  }
  throw new CrowdbitError(
    'OPTION_INVALID',
    `the durability is ${show(given)}, where 'always', 'none' or { intervalMs } from 1 to ${longestInterval} is expected`,
    { option: 'durability', found: given },
  )
}

/** The longest that a timer waits. */
const longestInterval = 2 ** 31 - 1
