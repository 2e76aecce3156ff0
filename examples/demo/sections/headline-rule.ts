import { headline } from '../headline.ts'
import { heading, say, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function theHeadlineRule(crowd: ShopEngine): void {
  heading('2  精致妈妈 ∩ looked at 奶粉 in the last 15 days − customers')
  say(
    'The rule made in TypeScript, where a misspelt tag, event or property does not compile, and the same rule as text and JSON:\n',
  )
  const { tag, did } = crowd.rules
  const rule = tag('精致妈妈')
    .and(did('browse').where({ category: '奶粉' }).last(15, 'days', { includeToday: true }))
    .minus(did('purchase'))
  say(`${rule}\n${JSON.stringify(rule)}\n`)
  const first = timed(() => crowd.count(headline))
  const again = timed(() => crowd.count(headline))
  say(
    `${whole(first.result)} people, exactly: counted in ${first.took}, and when asked again in ${again.took}.\n` +
      'The first question puts the events in order, by day and person.',
  )
  say(
    'How it was counted: the bounds of each window, then each part with its people in [brackets] and after the arrow those left:\n',
  )
  say(crowd.explain(rule).toString({ times: false }))
}
