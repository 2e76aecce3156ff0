import { expect } from 'vitest'
import { DurableStore, type DurableStoreOptions, type Frozen } from '../../src/store/durable-store.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import type { ReplayReport } from '../../src/store/recover-log.ts'
import { stillFacts } from './still-facts.ts'

export const directory = '/store'

/** As a store is opened, and where. */
interface JournalOptions extends Partial<DurableStoreOptions> {
  readonly directory?: string
}

/** Texts in a section. */
const blockLength = 8

/** Sections that are full never change, so that a checkpoint can keep them. */
function sectionName(block: number): string {
  return `texts-${block}`
}

/** A list of texts, held in a durable store as records and as sections of eight texts each. */
export class Journal {
  readonly store: DurableStore
  readonly texts: string[] = []
  report: ReplayReport | null = null
  /** The last snapshot that is known to be there holds this many. */
  #saved = 0

  constructor(store: DurableStore) {
    this.store = store
  }

  /** Opens the folder and reads all of it. The lock is that of another start of the machine each time. */
  static async open(fs: FileSystem, options: JournalOptions = {}): Promise<Journal> {
    const lock = stillFacts()
    const store = await DurableStore.open(fs, options.directory ?? directory, {
      durability: 'none',
      lock: { ...lock, bootId: lock.token() },
      layout: { fileBytes: 400, aloneBytes: 150 },
      ...options,
    })
    const journal = new Journal(store)
    try {
      await journal.#read()
      return journal
    } catch (error) {
      await store.close().catch(() => {})
      throw error
    }
  }

  /** @returns the sequence, which is checked to be the next */
  append(text: string): number {
    const sequence = this.store.append(new TextEncoder().encode(text))
    this.texts.push(text)
    expect(sequence).toBe(this.texts.length)
    return sequence
  }

  async checkpoint(): ReturnType<DurableStore['checkpoint']> {
    const report = await this.store.checkpoint((sequence) => this.freeze(sequence))
    this.#saved = report.sequence
    return report
  }

  freeze(sequence: number): Frozen {
    expect(sequence).toBe(this.texts.length)
    const texts = this.texts.slice()
    const saved = this.#saved
    const sections = Array.from({ length: Math.ceil(texts.length / blockLength) }, (_, block) => ({
      name: sectionName(block),
      version: 1,
      unchanged: (block + 1) * blockLength <= saved,
      chunks: () => [
        new TextEncoder().encode(JSON.stringify(texts.slice(block * blockLength, (block + 1) * blockLength))),
      ],
    }))
    return { sections, meta: { texts: texts.length }, release() {} }
  }

  async #read(): Promise<void> {
    const { snapshot } = this.store
    if (snapshot !== null) {
      const { texts } = snapshot.meta as { texts: number }
      expect(snapshot.sequence).toBe(texts)
      for (const { name } of snapshot.sections) {
        this.texts.push(...(JSON.parse(new TextDecoder().decode(await snapshot.read(name))) as string[]))
      }
      expect(this.texts).toHaveLength(texts)
      this.#saved = texts
    }
    this.report = await this.store.replay((sequence, bytes, start, end) => {
      this.texts.push(new TextDecoder().decode(bytes.subarray(start, end)))
      expect(sequence).toBe(this.texts.length)
    })
    expect(this.store.sequence).toBe(this.texts.length)
  }
}

/** Reads all texts of a folder, and gives it back. */
export async function textsOf(fs: FileSystem, options: JournalOptions = {}): Promise<string[]> {
  const journal = await Journal.open(fs, options)
  await journal.store.close()
  return journal.texts
}
