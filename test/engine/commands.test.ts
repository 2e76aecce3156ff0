import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import { category, type Engine, event, flag, number, type View } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { MemoryFileSystem } from '../store/memory-file-system.ts'
import { drawFrom } from '../testing/draw-from.ts'
import { lockFacts } from './lock-facts.ts'
import { type ModelPerson, type ModelWrite, PlainModel } from './plain-model.ts'

const schema = {
  vip: flag(),
  tier: category(),
  best: number({ merge: 'max' }),
  buy: event({ amount: number() }),
}
type Crowd = Engine<typeof schema>
type CrowdView = View<typeof schema>

const noon = Date.UTC(2026, 10, 20, 12)
const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** What is known beside the engine: every write since the folder was made. */
interface Model {
  writes: ModelWrite[]
  /** So many of them are durable for certain. */
  durable: number
}

interface Real {
  fs: MemoryFileSystem
  crowd: Crowd
  boot: number
  readonly views: { readonly view: CrowdView; readonly model: PlainModel; readonly removals: string[] }[]
}

async function open(fs: MemoryFileSystem, boot: number): Promise<Crowd> {
  const clock = { now: () => noon as never }
  return (await openEngineOn(fs, { dir: '/data', schema, clock, durability: 'none' }, lockFacts(boot))) as Crowd
}

/** All that the engine or a view says, against the model. Ids of `gone` people are gone from views too (law 3, law 4). */
function check(asked: Crowd | CrowdView, model: PlainModel, gone: readonly string[] = []): void {
  expect(asked.size).toBe(model.size)
  const tests: [rule: string, holds: (person: ModelPerson) => boolean][] = [
    ['vip', ({ vip }) => vip === true],
    ['tier = "T1"', ({ tier }) => tier === 'T1'],
    ['best >= 5', ({ best }) => best !== undefined && best >= 5],
    ['did buy at least 2 times', ({ events }) => events.length >= 2],
    ['not vip and did buy', ({ vip, events }) => vip !== true && events.length > 0],
  ]
  for (const [rule, holds] of tests) expect([rule, asked.count(rule)]).toEqual([rule, model.count(holds)])
  for (const id of ids) {
    const person = gone.includes(id) ? null : model.person(id)
    expect([id, asked.has(id)]).toEqual([id, person !== null])
    expect([id, ...asked.idsOf(id)].sort()).toEqual([id, ...(person === null ? [] : model.idsOf(id))].sort())
    if (person === null) continue
    const { vip, tier, best, events } = person
    const found = asked.get(id)!
    expect([id, found.vip, found.tier, found.best]).toEqual([id, vip, tier, best])
    const bought = asked.events(id, 'buy').map(({ at, amount }) => [at.getTime(), amount] as const)
    expect(bought.sort((a, b) => a[0] - b[0] || a[1]! - b[1]!)).toEqual(events)
  }
}

type Command = fc.AsyncCommand<Model, Real>

class Write implements Command {
  readonly #write: ModelWrite

  constructor(write: ModelWrite) {
    this.#write = write
  }

  check = (): boolean => true

  async run(model: Model, { crowd, views }: Real): Promise<void> {
    const write = this.#write
    switch (write.kind) {
      case 'put':
        crowd.put(write.id, { vip: write.vip, tier: write.tier, best: write.best })
        break
      case 'track': {
        const { at, amount, eventId } = write
        crowd.track(write.id, 'buy', { at, amount, ...(eventId === null ? {} : { eventId }) })
        break
      }
      case 'link': {
        const [before, other] = [crowd.idsOf(write.a), crowd.idsOf(write.b)]
        crowd.link(write.a, write.b)
        const [named, ...rest] = crowd.idsOf(write.a)
        // Who merged away after a view was made has no name in it, as who was removed, and an id that was linked is unknown to it.
        const stayed = before[0] === named ? before : other[0] === named ? other : []
        const went = [named, ...rest].filter((one) => !stayed.includes(one!)).map(String)
        for (const view of views) view.removals.push(...went)
        break
      }
      case 'remove':
        // All ids of the person go.
        for (const view of views) view.removals.push(...crowd.idsOf(write.id).map(String))
        crowd.remove(write.id)
    }
    model.writes.push(write)
    check(crowd, PlainModel.after(model.writes))
  }

  toString = (): string => JSON.stringify(this.#write)
}

class Do implements Command {
  readonly #name: string
  readonly #run: (model: Model, real: Real) => Promise<void>

  constructor(name: string, run: (model: Model, real: Real) => Promise<void>) {
    this.#name = name
    this.#run = run
  }

  check = (): boolean => true

  async run(model: Model, real: Real): Promise<void> {
    await this.#run(model, real)
    check(real.crowd, PlainModel.after(model.writes))
    for (const { view, model: then, removals } of real.views) check(view, then, removals)
  }

  toString = (): string => this.#name
}

async function flush(model: Model, { crowd }: Real): Promise<void> {
  await crowd.flushed()
  model.durable = model.writes.length
}

async function checkpoint(model: Model, { crowd }: Real): Promise<void> {
  await crowd.checkpoint()
  model.durable = model.writes.length
}

async function takeView(model: Model, { crowd, views }: Real): Promise<void> {
  views.push({ view: crowd.read(), model: PlainModel.after(model.writes), removals: [] })
  if (views.length > 3) views.shift()!.view.release()
}

async function reopen(model: Model, real: Real): Promise<void> {
  forgetViews(real)
  await real.crowd.close()
  model.durable = model.writes.length
  real.crowd = await open(real.fs, ++real.boot)
}

/** The process dies: what was applied is with the operating system. */
async function kill(model: Model, real: Real): Promise<void> {
  const left = real.fs.clone()
  await end(real)
  real.fs = left
  real.crowd = await open(left, ++real.boot)
  expect(real.crowd.sequence).toBe(model.writes.length)
}

/** The power goes: a beginning of the writes is left, with all that were durable. */
async function losePower(model: Model, real: Real, draw: (below: number) => number): Promise<void> {
  const left = real.fs.afterPowerLoss(draw)
  await end(real)
  real.fs = left
  real.crowd = await open(left, ++real.boot)
  const { sequence } = real.crowd
  expect(sequence).toBeGreaterThanOrEqual(model.durable)
  expect(sequence).toBeLessThanOrEqual(model.writes.length)
  model.writes = model.writes.slice(0, sequence)
  model.durable = sequence
}

async function end(real: Real): Promise<void> {
  forgetViews(real)
  // Its folder is another's now.
  await real.crowd.close().catch(() => {})
}

function forgetViews({ views }: Real): void {
  for (const { view } of views.splice(0)) view.release()
}

const id = fc.constantFrom(...ids)
const writes: fc.Arbitrary<ModelWrite> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id,
    vip: fc.boolean(),
    tier: fc.constantFrom(null, 'T1', 'T2'),
    best: fc.constantFrom(null, 1, 5, 9),
  }),
  fc.record({
    kind: fc.constant('track' as const),
    id,
    at: fc.integer({ min: 0, max: 40 }).map((hours) => noon - hours * 3_600_000),
    amount: fc.nat({ max: 9 }),
    eventId: fc.constantFrom(null, 'e1', 'e2', 'e3'),
  }),
  fc.record({ kind: fc.constant('link' as const), a: id, b: id }),
  fc.record({ kind: fc.constant('remove' as const), id }),
)

const commands = fc.commands(
  [
    writes.map((write) => new Write(write)),
    writes.map((write) => new Write(write)),
    fc.constantFrom(
      new Do('flush', flush),
      new Do('checkpoint', checkpoint),
      new Do('view', takeView),
      new Do('view', takeView),
      new Do('close and open', reopen),
      new Do('kill', kill),
    ),
    fc.nat().map((salt) => new Do(`lose power ${salt}`, (model, real) => losePower(model, real, drawFrom(salt)))),
  ],
  { maxCommands: 60, size: 'max' },
)

test('an engine in a folder is what a plain model says, whatever happens to the process, the power and the ids', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      let real: Real | null = null
      const setUp = async (): Promise<{ model: Model; real: Real }> => {
        const fs = new MemoryFileSystem()
        real = { fs, crowd: await open(fs, 1), boot: 1, views: [] }
        return { model: { writes: [], durable: 0 }, real }
      }
      try {
        await fc.asyncModelRun(setUp, list)
      } finally {
        if (real !== null) await end(real)
      }
    }),
    { ...campaign(60), endOnFailure: false },
  )
})
