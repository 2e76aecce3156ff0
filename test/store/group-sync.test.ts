import { expect, test } from 'vitest'
import { GroupSync } from '../../src/store/group-sync.ts'

test('never two at a time, also for who asks just when one has ended', async () => {
  let running = 0
  let syncs = 0
  const group = new GroupSync(async () => {
    expect(++running).toBe(1)
    syncs++
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
    running--
  })
  const asked: Promise<void>[] = []
  // Every turn of the queue, so that some fall between the end of one and the beginning of the next.
  for (let turn = 0; turn < 200; turn++) {
    asked.push(group.request())
    await Promise.resolve()
  }
  await Promise.all(asked)
  expect(syncs).toBeLessThan(60)
  expect(running).toBe(0)
})

test('who asks gets a sync that began no earlier, and its failure', async () => {
  let began = 0
  const group = new GroupSync(async () => {
    const isFirst = ++began === 1
    await Promise.resolve()
    if (isFirst) throw new Error('failed')
  })
  const first = group.request()
  const second = group.request()
  const third = group.request()
  expect(third).toBe(second)
  await expect(first).rejects.toThrow('failed')
  await second
  expect(began).toBe(2)
  await group.idle()
  expect(group.running).toBeNull()
})
