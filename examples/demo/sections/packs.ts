import { prospects } from '../headline.ts'
import { heading, say, table } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { refusal } from '../timing.ts'

export function packs(crowd: ShopEngine): void {
  heading('9  Packs 人群包 have a size that they must fit')
  const base = `${prospects} and 消费能力 in ("高", "中高")`
  const narrow = {
    name: '奶粉 高消费 T1',
    rule: `${base} and 城市等级 = "T1" and did not purchase`,
    bounds: { min: 1_000 },
  }
  say(`${narrow.rule}\n`)
  const error = refusal(() => crowd.audiences.create(narrow))
  say(`A pack of it, of at least 1,000 people, is refused. The error says what would help:\n\n${error.message}\n`)
  crowd.audiences.create({ ...narrow, name: '奶粉 高消费', rule: `${base} and did not purchase` })
  crowd.audiences.create({
    name: '母婴 活跃',
    kind: 'industry',
    rule: `did browse(category in ("奶粉", "纸尿裤", "辅食")) in last 15 days`,
  })
  crowd.audiences.create({
    name: '加购 未下单',
    kind: 'official',
    rule: 'did add_to_cart in last 7 days minus did purchase in last 7 days',
  })
  say('Without the city it fits. The packs of this shop:\n')
  table(
    ['pack', 'kind', 'from', 'people', 'version'],
    crowd.audiences.list().map(({ name, kind, source, size, version }) => [name, kind, source, size, version.number]),
  )
  say('\nPacks are parts of other rules:\n')
  const rules = [
    'audience "奶粉 高消费" and 看过直播',
    'audience "母婴 活跃" and audience "加购 未下单" minus 粉丝',
    'at least 2 of (audience "奶粉 高消费", audience "加购 未下单", 粉丝团)',
  ]
  table(
    ['people', 'rule'],
    rules.map((rule) => [crowd.count(rule), rule]),
  )
}
