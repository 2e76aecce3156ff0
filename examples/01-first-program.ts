import { category, createEngine, event, flag } from 'crowdbit'

const schema = { 精致妈妈: flag(), browse: event({ category: category() }), purchase: event() }
const crowd = createEngine({ timeZone: 'Asia/Shanghai', schema })
for (let i = 0; i < 1_000; i++) {
  crowd.put(`user-${i}`, { 精致妈妈: i % 4 === 0 })
  crowd.track(`user-${i}`, 'browse', { at: `2026-11-${10 + (i % 15)}`, category: i % 2 === 0 ? '奶粉' : '口红' })
  if (i % 10 === 0) crowd.track(`user-${i}`, 'purchase', { at: '2026-06-18T20:00' })
}

const rule = '精致妈妈 and did browse(category = "奶粉") in last 7 days including today minus did purchase'
const asOf = '2026-11-20T20:00' // now, unless told otherwise
const people = crowd.select(rule, { asOf })
console.log(people.size, people.page(null, 3).ids, crowd.matches('user-4', rule, { asOf }))
for (const { rule: part, count, without } of crowd.preview(rule, { asOf }).nodes) console.log(part, count, without)
try {
  crowd.count('精致妈咪 and did browse')
} catch (error) {
  console.log(String(error))
}
