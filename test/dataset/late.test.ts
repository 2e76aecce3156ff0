import { describe, expect, it } from 'vitest'
import { Late } from '../../src/dataset/late.ts'
import { LateMap } from '../../src/dataset/late-map.ts'
import { type Reading, type Wanted, want } from '../../src/store/reading.ts'

/** A number that is copied by its forks, and says when it was disposed of. */
class Part {
  readonly writtenAt = 3
  value: number
  isDisposed = false
  forks = 0

  constructor(value: number) {
    this.value = value
  }

  fork(): Part {
    this.forks++
    return new Part(this.value)
  }

  dispose(): void {
    this.isDisposed = true
  }
}

interface Tried {
  readonly late: Late<Part>
  /** Those that were made. */
  readonly made: Part[]
  /** Lets what is read in the background arrive. */
  arrive(): void
  error: Error | null
}

function tried(): Tried {
  const made: Part[] = []
  let arrive = (): void => {}
  const waiting = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const make = (): Part => {
    if (result.error !== null) throw result.error
    made.push(new Part(7))
    return made.at(-1)!
  }
  const wanted: Wanted<Part> = { now: make, later: () => waiting.then(make) }
  const load = function* (): Reading<Part> {
    const part = yield* want(wanted)
    yield* want<null>({ now: () => null, later: async () => null })
    return part
  }
  const result: Tried = { late: Late.from(3, load), made, arrive: () => arrive(), error: null }
  return result
}

describe('Late', () => {
  it('is loaded once, when it is first used', () => {
    const { late, made } = tried()
    expect([late.loaded, late.writtenAt, made.length]).toEqual([null, 3, 0])
    expect(late.value).toBe(late.value)
    expect([late.loaded, made.length]).toEqual([late.value, 1])
  })

  it('what is wrong is thrown by each use', async () => {
    const one = tried()
    one.error = new Error('damaged')
    const fork = one.late.fork()
    for (const late of [one.late, fork, one.late]) expect(() => late.value).toThrow('damaged')
    one.arrive()
    await expect(one.late.load()).rejects.toThrow('damaged')
    one.error = null
    expect([fork.value.value, one.made.length]).toEqual([7, 1])
  })

  it('forks wait, and take their own when any of them is used', () => {
    const { late, made } = tried()
    const [first, second] = [late.fork(), late.fork()]
    const ofFork = second.fork()
    expect(made).toEqual([])
    expect(ofFork.value.value).toBe(7)
    made[0]!.value = 8
    expect([late, first, second, ofFork].map(({ value }) => value.value)).toEqual([8, 7, 7, 7])
    expect(new Set([late, first, second, ofFork].map(({ value }) => value)).size).toBe(4)
    expect(late.fork().value.value).toBe(8)
  })

  it('a fork that is disposed of takes none; what waited for it waits for its origin', () => {
    const { late, made } = tried()
    const [gone, middle] = [late.fork(), late.fork()]
    const last = middle.fork()
    gone.dispose()
    middle.dispose()
    expect(late.value.forks).toBe(1)
    expect(last.value.value).toBe(7)
    expect(made).toHaveLength(1)
    expect(() => gone.value).toThrow(/disposed/)
    last.dispose()
    expect(late.value.isDisposed).toBe(false)
  })

  it('loaded in the background', async () => {
    const { late, made, arrive } = tried()
    const fork = late.fork()
    const loading = late.load()
    expect(made).toEqual([])
    arrive()
    await loading
    expect([late.loaded, fork.loaded?.value]).toEqual([made[0], 7])
    await late.load()
    await fork.load()
    expect(made).toHaveLength(1)
  })

  it('who needs it meanwhile is first: the work in the background is dropped, whatever comes of it', async () => {
    for (const error of [null, new Error('too late')]) {
      const one = tried()
      const loading = one.late.load()
      const { value } = one.late
      value.value = 9
      one.error = error
      one.arrive()
      await loading
      expect([one.late.value, one.late.value.value]).toEqual([value, 9])
    }
  })
})

describe('LateMap', () => {
  it('is a map in order, of what is there and what is loaded when it is used', () => {
    const [one, other] = [tried(), tried()]
    const map = new LateMap<Part>()
    map.set('b', new Part(1))
    map.setLate('a', one.late)
    map.setLate('c', other.late)
    expect([[...map.keys()], map.has('a'), map.has('x'), map.get('x')]).toEqual([
      ['b', 'a', 'c'],
      true,
      false,
      undefined,
    ])
    const fork = map.fork()
    expect([one.made.length, map.late('a')?.loaded]).toEqual([0, null])
    expect(map.get('a')?.value).toBe(7)
    expect([one.made.length, other.made.length]).toEqual([1, 0])
    expect([...map].map(([name, { value }]) => [name, value])).toEqual([
      ['b', 1],
      ['a', 7],
      ['c', 7],
    ])
    for (const { value } of map.values()) expect(value).toBeGreaterThan(0)
    map.set('b', new Part(2))
    expect([map.get('b')?.value, fork.get('b')?.value]).toEqual([2, 1])
    expect([map.delete('b'), map.delete('b'), map.has('b'), fork.has('b')]).toEqual([true, false, false, true])
    const forked = fork.get('c')!
    fork.dispose()
    expect([forked.isDisposed, map.get('c')?.isDisposed]).toEqual([true, false])
  })
})
