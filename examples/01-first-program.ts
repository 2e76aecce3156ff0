import { category, createEngine, flag } from 'crowdbit'

const crowd = createEngine({
  schema: { 精致妈妈: flag(), 老客: flag(), cityTier: category(), 类目活跃: category({ many: true }) },
})
for (let i = 0; i < 1_000; i++) {
  const active = i % 2 === 0 ? ['奶粉'] : []
  crowd.put(`user-${i}`, { 精致妈妈: i % 4 === 0, 老客: i % 10 === 0, cityTier: `T${(i % 3) + 1}`, 类目活跃: active })
}

const rule = '精致妈妈 and 类目活跃 has any ("奶粉") and cityTier in ("T1", "T2") minus 老客'
const pack = crowd.audiences.create({ name: '618 拉新', rule, bounds: { min: 100 } })
console.log(crowd.count(rule), pack.version.page(null, 3).ids, crowd.matches('user-4', rule))
for (const { rule: part, count, without } of crowd.preview(rule).nodes.slice(1)) console.log(part, count, without)
try {
  crowd.count('精致妈咪 and cityTier = "T1"')
} catch (error) {
  console.log(String(error))
}
