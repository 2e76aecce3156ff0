import { type Rule, type TemplateDefinition, type TemplateParameters, templates } from 'crowdbit'
import { heading, say, table, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'

export function weeklyQuestions(crowd: ShopEngine): void {
  heading('8  Questions of every week, as templates')
  const { rules } = crowd
  const cart = rules.template(templates.cartWithoutOrder)
  const shipped = Object.keys(templates).length
  say(
    `${shipped} templates ship with the package. One is added to the cart, and no order of that product within 24 hours:\n`,
  )
  say(`${cart.rule}\n`)
  const rule = cart.apply({ hours: 24, days: 3 })
  say(`With hours 24 and days 3 these are ${whole(crowd.count(rule))} people. One of them:\n`)
  showCarts(crowd, rule)
  say('\nOthers, with values for their parameters:\n')
  table(
    ['template', '', 'people'],
    [
      row(templates.newMemberWithoutPurchase, rules.template(templates.newMemberWithoutPurchase).apply({ days: 14 })),
      row(
        templates.promotionRfm,
        rules.template(templates.promotionRfm).apply({ start: '2026-06-01', end: '2026-06-19' }),
      ),
      row(
        templates.creatorCustomers,
        rules.template(templates.creatorCustomers).apply({ creators: ['小鹿妈妈'], genres: ['直播'] }),
      ),
      row(
        templates.sampleToFullSize,
        rules.template(templates.sampleToFullSize).apply({ sample: '奶粉 小样', fullSize: '奶粉 正装' }),
      ),
      row(templates.lapsedBuyers, rules.template(templates.lapsedBuyers).apply({})),
      row(templates.aboutToLapse, rules.template(templates.aboutToLapse).apply({})),
    ],
  )

  function row({ title }: TemplateDefinition<TemplateParameters>, asked: Rule): readonly [string, string, number] {
    const { zh, en } = typeof title === 'object' ? title : { zh: '', en: title ?? '' }
    return [zh, en, crowd.count(asked)]
  }
}

/** The carts and orders of one person of the rule, who did order something. */
function showCarts(crowd: ShopEngine, rule: Rule): void {
  const [id] = crowd.select(rule.and('did purchase in last 3 days including today')).ids()
  const from = '2026-11-17'
  const carts = crowd.events(id!, 'add_to_cart', { from }).map((event) => ({ ...event, name: 'add_to_cart' }))
  const orders = crowd.events(id!, 'purchase', { from }).map((event) => ({ ...event, name: 'purchase' }))
  for (const { at, name, product } of [...carts, ...orders].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    say(`${id}  ${at.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })}  ${name.padEnd(11)}  ${product}`)
  }
}
