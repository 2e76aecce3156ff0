/**
 * A count service for rules that come from outside. It starts on a free port of this machine, asks itself, and ends.
 */
import { inspect } from 'node:util'
import { category, createEngine, flag } from 'crowdbit'
import { createService } from './service.ts'

const crowd = createEngine({
  schema: {
    精致妈妈: flag(),
    老客: flag(),
    城市等级: category({ values: ['T1', 'T2', 'T3'] }),
    类目活跃: category({ many: true }),
  },
  // A stranger's rule may be large only as far as a person would write one.
  limits: { depth: 30, nodes: 300, listLength: 500, textLength: 8_000 },
  // It stands still, so that this program always prints the same.
  clock: { now: () => Date.UTC(2026, 10, 20, 4) },
})
crowd.putMany(
  Array.from({ length: 1_000 }, (_, index) => [
    `u${String(index).padStart(3, '0')}`,
    {
      精致妈妈: index % 3 === 0,
      老客: index % 4 === 0,
      城市等级: (['T1', 'T2', 'T3'] as const)[(index % 5) % 3],
      类目活跃: index % 2 === 0 ? ['奶粉', '童装'] : ['咖啡'],
    },
  ]),
)

const service = createService(crowd)
const address = await service.listen({ host: '127.0.0.1', port: 0 })
console.log(`listening on ${address}`)

try {
  await ask('POST', '/count', { rule: '精致妈妈 and 类目活跃 has any ("奶粉") minus 老客' })
  await ask('POST', '/count', { rule: { minus: [{ tag: '精致妈妈' }, { tag: '老客' }] } })
  await ask('POST', '/preview', { rule: '精致妈妈 minus 老客' })
  await ask('POST', '/audiences', { name: '拉新', rule: '精致妈妈 minus 老客' })
  await ask('GET', '/audiences')
  await ask('GET', `/audiences/${encodeURIComponent('拉新')}/people?limit=3`)
  await ask('GET', `/audiences/${encodeURIComponent('拉新')}/people?limit=2&cursor=after-9`)

  // What goes wrong, and how it is told.
  await ask('POST', '/count', { rule: '精致妈咪 minus 老客' })
  await ask('POST', '/count', { rule: { and: [{ tag: '精致妈妈', eq: 'x' }, { tga: '老客' }] } })
  await ask('POST', '/count', { rule: `${'('.repeat(40)}老客${')'.repeat(40)}` })
  await ask('POST', '/count', { rule: 1 })
  await ask('POST', '/count', { rule: 'x'.repeat(20_000) })
  await ask('POST', '/audiences', { name: '拉新', rule: '精致妈妈' })
  await ask('POST', '/audiences', { name: '一线 拉新', rule: '精致妈妈 and 老客 and 城市等级 = "T1"', min: 200 })
  await ask('GET', '/audiences/nobody/people')
  await ask('DELETE', `/audiences/${encodeURIComponent('拉新')}`)
} finally {
  await service.close()
}
console.log('\nclosed')

/** Asks the service, and prints what was asked and answered. */
async function ask(method: string, path: string, body?: object): Promise<void> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const response = await fetch(
    address + path,
    body === undefined ? { method } : { method, body: text, headers: { 'content-type': 'application/json' } },
  )
  const shown = text.length > 200 ? `${text.slice(0, 40)}… (${text.length} bytes)` : text
  console.log(`\n${method} ${decodeURIComponent(path)} ${shown}`)
  const answer = await response.text()
  const data: unknown = answer === '' ? 'no body' : JSON.parse(answer)
  console.log(response.status, inspect(data, { depth: null, breakLength: 96 }))
}
