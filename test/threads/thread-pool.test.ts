import { afterEach, describe, expect, test } from 'vitest'
import { type Task, ThreadPool } from '../../src/threads/thread-pool.ts'

const script = new URL('./echo-worker.mjs', import.meta.url)
const pools: ThreadPool[] = []

function pool(size: number, url = script): ThreadPool {
  const made = new ThreadPool({ size, script: url })
  pools.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()))
})

interface Echo {
  readonly echo: unknown
  readonly setups: readonly unknown[]
}

/** A piece of work whose answer goes to `into`. */
function task(message: Record<string, unknown>, into: Echo[] = []): Task {
  return { to: 'anybody', message, take: (answer) => void into.push(answer as Echo) }
}

describe('a pool of threads', () => {
  test('has no thread before there is work, and no more than it is allowed', async () => {
    const threads = pool(2)
    expect(threads.stats).toEqual({ size: 2, running: 0, deaths: 0 })
    const answers: Echo[] = []
    await threads.run(Array.from({ length: 20 }, (_, echo) => task({ echo }, answers))).done
    expect(answers.map(({ echo }) => echo).sort()).toEqual(Array.from({ length: 20 }, (_, i) => i).sort())
    expect(threads.stats).toEqual({ size: 2, running: 2, deaths: 0 })
  })

  test('tells each thread what its work is about, those that start later too', async () => {
    const threads = pool(2)
    threads.setUp('anybody', (place) => `first ${place}`)
    const answers: Echo[] = []
    await threads.run([task({ echo: 1 }, answers)]).done
    threads.setUp('somebody', (place) => `second ${place}`)
    await threads.run([task({ echo: 2 }, answers)]).done
    expect(answers.map(({ setups }) => setups)).toEqual([['first 0'], ['first 0', 'second 0']])
    await threads.run([task({ echo: 3 }, answers), task({ echo: 4 }, answers)]).done
    expect(answers.find(({ setups }) => setups[0] === 'first 1')!.setups).toEqual(['first 1', 'second 1'])
  })

  test('gives the work of a thread that died to another', async () => {
    const threads = pool(2)
    const dieOnce = new Int32Array(new SharedArrayBuffer(4))
    const answers: Echo[] = []
    await threads.run([task({ echo: 'a', dieOnce }, answers), task({ echo: 'b' }, answers)]).done
    expect(answers.map(({ echo }) => echo).sort()).toEqual(['a', 'b'])
    expect(threads.stats.deaths).toBe(1)
    // As many as before.
    await threads.run([task({ echo: 'c' }), task({ echo: 'd' }), task({ echo: 'e' })]).done
    expect(threads.stats.running).toBe(2)
  })

  test('gives up work over which threads die again and again, and nothing else', async () => {
    const threads = pool(2)
    const answers: Echo[] = []
    const deadly = threads.run([task({ die: true }), task({ echo: 'with it' }, answers)])
    const harmless = threads.run([task({ echo: 'beside it' }, answers)])
    await expect(deadly.done).rejects.toThrow('THREADS_FAILED: worker threads died over this question again and again')
    await deadly.ended
    await harmless.done
    expect(answers.some(({ echo }) => echo === 'beside it')).toBe(true)
    await threads.run([task({ echo: 'after it' }, answers)]).done
    expect(answers.at(-1)!.echo).toBe('after it')
  })

  test('says so where its script is not there', async () => {
    const threads = pool(1, new URL('./nowhere.mjs', import.meta.url))
    const { done, ended } = threads.run([task({ echo: 1 })])
    await expect(done).rejects.toThrow('leave it out of the bundle, so that its worker.js is found')
    await ended
  })

  test('passes on an error, and ends the rest of that work', async () => {
    const threads = pool(1)
    const answers: Echo[] = []
    const { done } = threads.run([task({ fault: true }), task({ echo: 'never' }, answers)])
    await expect(done).rejects.toThrow(new RangeError('not my fault'))
    await threads.run([task({ echo: 'next' }, answers)]).done
    expect(answers.map(({ echo }) => echo)).toEqual(['next'])
  })

  test('passes on what is thrown where an answer is taken', async () => {
    const threads = pool(1)
    const work: Task = {
      to: 'anybody',
      message: { echo: 1 },
      take: () => {
        throw new Error('no room')
      },
    }
    const { done, ended } = threads.run([work])
    await expect(done).rejects.toThrow('no room')
    await ended
  })
})

describe('work that is ended', () => {
  test('before it began is not begun', async () => {
    const threads = pool(1)
    const { done, ended } = threads.run([task({ echo: 1 })], AbortSignal.abort(new Error('enough')))
    await expect(done).rejects.toThrow('enough')
    await ended
    expect(threads.stats.running).toBe(0)
  })

  test('while threads are at it ends at once, and they end soon after', async () => {
    const threads = pool(2)
    const wait = new Int32Array(new SharedArrayBuffer(4))
    const enough = new AbortController()
    const answers: Echo[] = []
    const { done, ended } = threads.run(
      [task({ wait }, answers), task({ echo: 1 }, answers), task({ wait }, answers)],
      enough.signal,
    )
    let isEnded = false
    void ended.then(() => {
      isEnded = true
    })
    while (Atomics.load(wait, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
    enough.abort(new Error('enough'))
    await expect(done).rejects.toThrow('enough')
    expect(isEnded).toBe(false)
    await ended
    // The threads are there for others.
    await threads.run([task({ echo: 2 }, answers), task({ echo: 3 }, answers)]).done
    expect(threads.stats).toEqual({ size: 2, running: 2, deaths: 0 })
  })

  test('by closing fails with a code, and so does what comes later', async () => {
    const threads = pool(1)
    const wait = new Int32Array(new SharedArrayBuffer(4))
    const { done, ended } = threads.run([task({ wait }), task({ echo: 1 })])
    const failed = expect(done).rejects.toThrow('THREADS_CLOSED')
    while (Atomics.load(wait, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
    await threads.close()
    await failed
    await ended
    expect(threads.stats).toEqual({ size: 1, running: 0, deaths: 0 })
    await expect(threads.run([task({ echo: 1 })]).done).rejects.toThrow('THREADS_CLOSED')
    await threads.close()
  })

  test('is nothing at all: it is done', async () => {
    const { done, ended } = pool(1).run([])
    await done
    await ended
  })
})
