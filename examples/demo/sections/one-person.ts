import type { PersonStep } from 'crowdbit'
import { headline, prospects } from '../headline.ts'
import { heading, say, whole } from '../page.ts'
import { shopNow } from '../shop-events.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function onePerson(crowd: ShopEngine): void {
  heading('11  One person')
  const prepared = crowd.prepare(headline)
  const some = crowd.select('精致妈妈').sample(50_000)
  const { result, took } = timed(() => some.filter((id) => prepared.matches(id)).length)
  say(`${whole(some.length)} people asked one by one, by id: ${whole(result)} match, in ${took}. Two of them, and why:`)
  const [member] = crowd.select(headline).ids()
  const [customer] = crowd.select(`${prospects} and did purchase`).ids()
  for (const id of [member!, customer!]) {
    say(`\n${id} ${crowd.matches(id, headline) ? 'matches' : 'does not match'}`)
    drawPerson(crowd.explainMatch(id, headline)!)
  }
  say('\nThe first one buys. The next question sees it:\n')
  const order = { at: new Date(shopNow), product: '奶粉 正装', category: '奶粉', amount: 268, channel: '直播' } as const
  const { took: tracked } = timed(() => crowd.track(member!, 'purchase', order))
  say(
    `crowd.track took ${tracked}; ${member} ${crowd.matches(member!, headline) ? 'matches' : 'does not match any more'}`,
  )
  const { result: count, took: counted } = timed(() => crowd.count(headline))
  say(`${whole(count)} people are left, counted in ${counted}: only the days that changed are read again`)
}

function drawPerson(step: PersonStep, indent = '  '): void {
  const value = step.value === undefined ? '' : `   value: ${step.value === null ? 'none' : JSON.stringify(step.value)}`
  say(`${indent}${step.holds ? 'yes' : 'no '}  ${step.rule}${value}`)
  for (const inner of step.steps) drawPerson(inner, `${indent}  `)
}
