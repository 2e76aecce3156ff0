import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { createEngine, type Engine, type SchemaSpec, type UserSet } from '../../src/index.ts'
import { Rule } from '../../src/rules/rule.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { apply, changeArb, clock, fill, people, schema } from '../engine/several-containers.ts'
import { campaign } from '../fast-check-config.ts'

const engines: Engine<SchemaSpec>[] = []

/** An engine whose threads answer whatever it costs, of which each container is work of its own. */
function threaded(threads = 2, imageBytes = 64 << 20, containersEach: number | null = null): Engine<typeof schema> {
  const engine = createEngine({ schema, clock, threads, imageBytes })
  insideOf(engine).kernel!.always = true
  insideOf(engine).kernel!.containersEach = containersEach
  engines.push(engine as unknown as Engine<SchemaSpec>)
  fill(engine)
  return engine
}

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
})

const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const bytesOf = (set: UserSet): string => Buffer.from(set.portableBytes()).toString('base64')

describe('answers that are awaited', () => {
  test.each([
    ['in one memory', null],
    ['in several memories', 1],
  ])(
    'are those of the engine without threads, %s, also while it is written to: each of one moment',
    async (_, containersEach) => {
      const plain = createEngine({ schema, clock, imageBytes: 0 })
      fill(plain)
      // Room for few images, so that they come and go while threads read them.
      const tried = threaded(2, 2_500_000, containersEach)
      let fresh = people
      const write = (change: Parameters<typeof apply>[1]): void => {
        for (const engine of [plain, tried]) apply(engine, change, fresh)
        if (change.kind === 'new') fresh += change.count
      }
      await fc.assert(
        fc.asyncProperty(
          fc.array(ruleFor(schema), { minLength: 1, maxLength: 4 }),
          fc.array(fc.tuple(changeArb, fc.nat(3)), { maxLength: 4 }),
          async (nodes, changes) => {
            const rules = nodes.map((node) => Rule.of(node))
            const now = (): (readonly [number, string])[] =>
              rules.map((rule) => {
                const set = plain.select(rule)
                return [set.size, bytesOf(set)]
              })
            const moments = [now()]
            const counts = rules.map((rule) => tried.countAsync(rule))
            const sets = rules.map((rule) => tried.selectAsync(rule))
            for (const [change, turns] of changes) {
              for (let turn = 0; turn < turns; turn++) await others()
              write(change)
              // Images are refreshed while threads read them.
              for (const rule of rules) tried.count(rule)
              moments.push(now())
            }
            for (const [i, count] of (await Promise.all(counts)).entries()) {
              expect(moments.map((moment) => moment[i]![0])).toContain(count)
            }
            for (const [i, set] of (await Promise.all(sets)).entries()) {
              expect(moments.map((moment) => moment[i]![1])).toContain(bytesOf(set))
            }
            for (const [i, rule] of rules.entries()) expect(await tried.countAsync(rule)).toBe(moments.at(-1)![i]![0])
          },
        ),
        campaign(containersEach === null ? 40 : 30),
      )
      expect(tried.stats().threads).toEqual({ size: 2, running: 2, deaths: 0 })
      expect(tried.stats().images.bytes).toBeLessThan(2_500_000 + 64 * 8_192)
    },
  )

  test('are right when a thread dies over them', async () => {
    const crowd = threaded()
    const rule = 'all and half minus runs'
    const expected = crowd.select(rule)
    const { threads } = insideOf(crowd)
    for (let round = 0; round < 6; round++) {
      const answers = [crowd.countAsync(rule), crowd.countAsync(rule)] as const
      const sets = [crowd.selectAsync(rule), crowd.selectAsync(rule)] as const
      for (let turn = 0; turn < round; turn++) await others()
      await threads!.killOne()
      expect(await Promise.all(answers)).toEqual([expected.size, expected.size])
      for (const set of await Promise.all(sets)) expect(bytesOf(set)).toBe(bytesOf(expected))
    }
    expect(crowd.stats().threads.deaths).toBeGreaterThan(0)
  })

  test('can be ended, which leaves everything as it was', async () => {
    const crowd = threaded()
    const rule = 'all and half minus runs'
    const count = await crowd.countAsync(rule)
    const { bytes } = crowd.stats().images
    for (let turns = 0; turns < 8; turns++) {
      const enough = new AbortController()
      const answers = [
        crowd.countAsync(rule, { signal: enough.signal }),
        crowd.selectAsync(rule, { signal: enough.signal }),
        crowd.prepare(rule).countAsync({ signal: enough.signal }),
      ]
      const settled = Promise.allSettled(answers)
      for (let turn = 0; turn < turns; turn++) await others()
      enough.abort(new Error('enough'))
      for (const answer of await settled) {
        if (answer.status === 'rejected') expect(answer.reason).toEqual(new Error('enough'))
      }
      expect(await crowd.countAsync(rule)).toBe(count)
    }
    await expect(crowd.countAsync(rule, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    )
    expect(crowd.stats().images.bytes).toBe(bytes)
  })

  test('let others have their turn', async () => {
    const crowd = threaded()
    let turns = 0
    let isOver = false
    const counting = (async () => {
      while (!isOver) {
        await others()
        turns++
      }
    })()
    await crowd.countAsync('at least 2 of (all, half, runs, tier = "a")')
    isOver = true
    await counting
    expect(turns).toBeGreaterThan(0)
  })

  test('are refused as others are, by the promise', async () => {
    const crowd = threaded()
    await expect(crowd.countAsync('nowhere')).rejects.toThrow('RULE_UNKNOWN_TAG')
    await expect(crowd.selectAsync('(all')).rejects.toThrow('RULE_SYNTAX')
    await expect(crowd.countAsync('all', { asOf: 'never' })).rejects.toThrow('TIME_INVALID')
    await expect(crowd.countAsync('all', { signal: {} as never })).rejects.toThrow('OPTION_INVALID')
    await expect(crowd.countAsync('all', { when: 1 } as never)).rejects.toThrow('OPTION_INVALID')
  })

  test('are given without threads too, by views and prepared rules as well', async () => {
    const crowd = createEngine({ schema, clock })
    fill(crowd)
    const rule = 'all and half minus runs'
    const count = crowd.count(rule)
    expect(await crowd.countAsync(rule)).toBe(count)
    expect((await crowd.prepare(rule).selectAsync()).size).toBe(count)
    const view = crowd.read()
    crowd.tags.half.replace([])
    expect(await view.countAsync(rule)).toBe(count)
    expect((await view.selectAsync(rule)).size).toBe(count)
    view.release()
    expect(crowd.stats().threads).toEqual({ size: 0, running: 0, deaths: 0 })
  })
})

describe('threads', () => {
  test('end with the engine, which still answers', async () => {
    const crowd = threaded()
    const rule = 'all and half minus runs'
    const count = await crowd.countAsync(rule)
    const last = crowd.countAsync(rule)
    const [ended] = await Promise.all([Promise.allSettled([last]), crowd.close()])
    if (ended[0].status === 'rejected') expect(ended[0].reason).toMatchObject({ code: 'THREADS_CLOSED' })
    else expect(ended[0].value).toBe(count)
    expect(crowd.stats().threads.running).toBe(0)
    expect(await crowd.countAsync(rule)).toBe(count)
    expect((await crowd.selectAsync(rule)).size).toBe(count)
    expect(crowd.stats().threads.running).toBe(0)
  })

  test('are as many as is said, or it is said what is wrong', () => {
    for (const threads of [-1, 33, 1.5, Number.NaN, '2' as never]) {
      expect(() => createEngine({ schema, threads })).toThrow('OPTION_INVALID: threads is')
    }
    expect(() => createEngine({ schema, threads: 1, imageBytes: 0 })).toThrow('leave imageBytes out, or threads')
  })

  test('keep no process alive, closed or not, in a module or in CommonJS', () => {
    const body = `
      const crowd = createEngine({ schema: { a: flag(), n: number() }, threads: 2 })
      const ids = Array.from({ length: 2_000_000 }, (_, i) => i)
      crowd.tags.a.add(ids.filter((id) => id % 3 > 0))
      crowd.tags.n.set(ids, ids.map((id) => (id * 7919) % 2_000_003))
      const rule = 'a and n between 12_345 and 1_234_567'.replaceAll('_', '')
      const work = async () => {
        const later = await crowd.countAsync(rule)
        console.log(later === crowd.count(rule), crowd.stats().threads.running > 0)
      }`
    const dist = new URL('../../dist/', import.meta.url)
    const esm = `import { createEngine, flag, number } from ${JSON.stringify(new URL('index.js', dist).href)}\n${body}\nawait work()`
    const cjs = `const { createEngine, flag, number } = require(${JSON.stringify(new URL('index.cjs', dist).pathname)})\n${body}\nwork()`
    for (const [type, code] of [
      ['module', esm],
      ['commonjs', cjs],
    ] as const) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [`--input-type=${type}`, '-e', code], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      expect({ stdout, stderr, status }).toEqual({ stdout: 'true true\n', stderr: '', status: 0 })
    }
  })
})
