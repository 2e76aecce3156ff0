import { category, createEngine, flag } from 'crowdbit'

const crowd = createEngine({
  schema: { 精致妈妈: flag(), 老客: flag(), 城市: category(), 类目活跃: category({ many: true }) },
})

crowd.put('u1', { 精致妈妈: true, 城市: '上海', 类目活跃: ['奶粉', '童装'] })
crowd.put('u2', { 精致妈妈: true, 城市: '杭州', 类目活跃: ['奶粉'], 老客: true })
crowd.put('u3', { 精致妈妈: true, 城市: '上海', 类目活跃: ['咖啡'] })
crowd.tags.老客.add(['u4', 'u5'])

const { tag } = crowd.rules
const rule = tag('精致妈妈').and(tag('类目活跃').hasAny(['奶粉']))

console.log(crowd.count(rule)) // 2
console.log([...crowd.select(rule.minus(tag('老客')))]) // [ 'u1' ]
console.log(crowd.count('城市 = "上海" or 老客')) // 5
console.log(String(crowd.explain(rule).rule)) // 精致妈妈 and 类目活跃 has any ("奶粉")
