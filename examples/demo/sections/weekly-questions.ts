import { type Rule, templates } from 'crowdbit'
import { heading, say, table } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'

export function weeklyQuestions(crowd: ShopEngine): void {
  heading('7  Questions of every week, as templates')
  const { rules } = crowd
  const cart = rules.template(templates.cartWithoutOrder)
  say(
    `${Object.keys(templates).length} templates ship with the package. One is added to the cart, and no order of that product within 24 hours:\n`,
  )
  say(`${cart.rule}\n`)
  const rule = cart.apply({ hours: 24, days: 3 })
  const [id] = crowd.select(rule).ids()
  say(`With hours 24 and days 3 these are ${crowd.count(rule).toLocaleString('en-US')} people. One of them, ${id}:\n`)
  const from = '2026-11-17'
  const steps = [
    ...crowd.events(id!, 'add_to_cart', { from }).map(({ at, product }) => ({ at, text: `add_to_cart  ${product}` })),
    ...crowd.events(id!, 'purchase', { from }).map(({ at, product }) => ({ at, text: `purchase     ${product}` })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  for (const { at, text } of steps) say(`${at.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })}  ${text}`)
  say('\nOthers, with values for their parameters:\n')
  const asked: readonly (readonly [string, Rule])[] = [
    ['新会员未首购', rules.template(templates.newMemberWithoutPurchase).apply({ days: 14 })],
    ['大促 RFM 圈选', rules.template(templates.promotionRfm).apply({ start: '2026-06-01', end: '2026-06-19' })],
    ['达人新客', rules.template(templates.creatorCustomers).apply({ creators: ['小鹿妈妈'], genres: ['直播'] })],
    ['小样转正装', rules.template(templates.sampleToFullSize).apply({ sample: '奶粉 小样', fullSize: '奶粉 正装' })],
    ['流失客户', rules.template(templates.lapsedBuyers).apply({})],
    ['即将流失', rules.template(templates.aboutToLapse).apply({})],
  ]
  table(
    ['template', 'people'],
    asked.map(([title, rule]) => [title, crowd.count(rule)]),
  )
}
