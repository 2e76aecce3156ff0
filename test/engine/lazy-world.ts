import { insideOf } from '../../src/engine/engine.ts'
import { loadEngineOn } from '../../src/engine/load-engine.ts'
import { saveEngine } from '../../src/engine/save-engine.ts'
import {
  type CategorySpec,
  category,
  createEngine,
  type Engine,
  type EventSpec,
  event,
  type FlagSpec,
  flag,
  type Millis,
  type MultiCategorySpec,
  type NumberSpec,
  number,
} from '../../src/index.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import { MemoryFileSystem } from '../store/memory-file-system.ts'

/** A column of each form of section. */
export type LazySchema = {
  readonly vip: FlagSpec
  readonly fan: FlagSpec
  readonly tier: CategorySpec
  readonly likes: MultiCategorySpec
  readonly spend: NumberSpec
  readonly buy: EventSpec<{ readonly product: CategorySpec; readonly amount: NumberSpec }>
  readonly look: EventSpec<{ readonly page: CategorySpec }>
}

/** The schema of the engine that lazy loading is tried on. */
export const lazySchema: LazySchema = {
  vip: flag(),
  fan: flag(),
  tier: category(),
  likes: category({ many: true }),
  spend: number({ scale: 2 }),
  buy: event({ product: category(), amount: number({ scale: 2 }) }),
  look: event({ page: category() }),
}

export type LazyCrowd = Engine<LazySchema>

const noon = Date.UTC(2026, 10, 20, 12)
export const lazyClock: { now(): Millis } = { now: () => noon as Millis }

/** An engine with links, removals, derived tags, audiences of both kinds, events with and without ids. */
export function lazyOrigin(): LazyCrowd {
  const crowd = createEngine({ schema: lazySchema, clock: lazyClock }) as LazyCrowd
  for (let i = 0; i < 300; i++) {
    crowd.put(i % 3 === 0 ? i : `user-${i}`, {
      vip: i % 4 === 0,
      fan: i % 5 === 0,
      tier: `T${i % 3}`,
      likes: i % 2 === 0 ? ['milk', `topic ${i % 7}`] : [],
      spend: `${i}.25`,
    })
  }
  for (let i = 0; i < 400; i++) {
    const at = noon - i * 3_600_000
    const id = i % 3 === 0 ? i % 300 : `user-${i % 300}`
    crowd.track(id, 'buy', {
      at,
      product: `p${i % 9}`,
      amount: i % 50,
      ...(i % 4 === 0 ? { eventId: `order ${i}` } : {}),
    })
    if (i % 2 === 0) crowd.track(id, 'look', { at, page: `page ${i % 5}` })
  }
  crowd.removeMany(['user-7', 'user-8', 12])
  crowd.link('user-1', 'phone:1')
  crowd.link('user-2', 'user-4')
  crowd.defineTag('regulars', 'did buy at least 2 times')
  crowd.defineTag('rich', 'spend >= 200', { mode: 'built' })
  crowd.audiences.create({ name: 'vips', rule: 'vip and tier = "T1" and spend >= 10', bounds: { min: 0 } })
  crowd.audiences.createList({ name: 'uploaded', members: ['user-1', 'user-2', 3], bounds: { min: 0 } })
  return crowd
}

/** A folder of it. */
export async function lazyFolder(crowd: LazyCrowd = lazyOrigin()): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  await saveEngine(fs, '/data', insideOf(crowd).savable())
  return fs
}

export async function loadLazy(fs: FileSystem): Promise<LazyCrowd> {
  return (await loadEngineOn(fs, '/data', { clock: lazyClock, lazy: true })) as unknown as LazyCrowd
}

/** Questions, each with the beginnings of the names of the sections that it needs. */
export const lazyQuestions: readonly {
  readonly name: string
  readonly needs: readonly string[]
  readonly ask: (crowd: LazyCrowd) => unknown
}[] = [
  { name: 'size', needs: [], ask: (crowd) => [crowd.size, crowd.stats().people, crowd.stats().linkedIds] },
  { name: 'everyone', needs: [], ask: (crowd) => [...crowd.select('everyone').dense()] },
  { name: 'audiences', needs: [], ask: (crowd) => crowd.audiences.list().map(({ versions }) => versions[0]!.size) },
  { name: 'members', needs: [], ask: (crowd) => crowd.count('audience "vips" version latest') },
  { name: 'vip', needs: ['column-0'], ask: (crowd) => crowd.count('vip') },
  { name: 'vip and fan', needs: ['column-0', 'column-1'], ask: (crowd) => crowd.count('vip and fan') },
  { name: 'tier', needs: ['column-2'], ask: (crowd) => crowd.count('tier = "T1"') },
  { name: 'likes', needs: ['column-3'], ask: (crowd) => crowd.select('likes has any ("milk")').size },
  { name: 'spend', needs: ['column-4'], ask: (crowd) => crowd.explain('not (spend >= 100)').count },
  { name: 'buy', needs: ['events-5'], ask: (crowd) => crowd.count('did buy(amount >= 20) at least 2 times') },
  { name: 'look', needs: ['events-6'], ask: (crowd) => crowd.count('did look') },
  { name: 'regulars', needs: ['events-5'], ask: (crowd) => crowd.count('regulars') },
  { name: 'rich', needs: ['column-8'], ask: (crowd) => crowd.count('rich') },
  {
    name: 'live audience',
    needs: ['column-0', 'column-2', 'column-4'],
    ask: (crowd) => crowd.count('audience "vips"'),
  },
  { name: 'find', needs: ['ids', 'links'], ask: (crowd) => [crowd.denseOf('user-5'), crowd.idsOf('phone:1')] },
  { name: 'ids', needs: ['column-1', 'ids', 'links'], ask: (crowd) => [...crowd.select('fan').ids()].map(String) },
  {
    name: 'person',
    needs: ['ids', 'links', 'column', 'events-5'],
    ask: (crowd) => crowd.get('user-5'),
  },
]
