/**
 * One million people, end to end: `npm run demo`. Every number is true, and all but the times are the same on each run.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CrowdbitError, createEngine, flag, loadEngine, type PersonStep } from 'crowdbit'
import { bytes, heading, say, table, time, whole } from './page.ts'
import { fillShop, type ShopEngine, shopSchema } from './shop-schema.ts'

const population = 1_000_000
const seed = 618

/** Mothers who are after milk powder and have never bought here. */
const headline = '精致妈妈 and 类目活跃 has any ("奶粉") minus 老客'

/** What a call gives, and how long it took. */
function timed<Result>(call: () => Result): { result: Result; took: string } {
  const began = performance.now()
  const result = call()
  return { result, took: time(performance.now() - began) }
}

/** What a call that has to fail says. */
function refusal(call: () => unknown): CrowdbitError {
  try {
    call()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  throw new Error('the call was expected to be refused')
}

function theShop(): ShopEngine {
  heading('1  A shop with a million people')
  const crowd = createEngine({ schema: shopSchema, timeZone: 'Asia/Shanghai' })
  const { took } = timed(() => fillShop(crowd, population, seed))
  const { columns } = crowd.stats()
  say(`Made and loaded ${whole(crowd.size)} people with ${columns.length} tags in ${took}. Some of the tags:\n`)
  const shown = [
    '精致妈妈',
    'Gen Z',
    '新锐白领',
    '小镇青年',
    '看过直播',
    '粉丝团',
    '加购',
    '老客',
    '会员等级',
    '类目活跃',
  ]
  table(
    ['tag', 'kind', 'people', 'values', 'bytes'],
    columns
      .filter(({ name }) => shown.includes(name))
      .map(({ name, people, values, bytes }) => [name, kindOf(crowd, name), people, values, bytes]),
  )
  return crowd
}

function kindOf(crowd: ShopEngine, name: string): string {
  const spec = new Map(Object.entries(crowd.schema)).get(name)
  return spec?.kind === 'category' ? (spec.many ? 'many values' : 'one value') : 'flag'
}

function theHeadlineRule(crowd: ShopEngine): void {
  heading('2  精致妈妈 ∩ active in 奶粉 − existing customers 老客')
  say(
    'The rule made in TypeScript, where a misspelt tag or value does not compile, and the same rule as text and JSON:\n',
  )
  const { tag } = crowd.rules
  const rule = tag('精致妈妈')
    .and(tag('类目活跃').hasAny(['奶粉']))
    .minus(tag('老客'))
  say(`${rule}\n${JSON.stringify(rule)}\n`)
  const first = timed(() => crowd.count(headline))
  const again = timed(() => crowd.count(headline))
  say(`${whole(first.result)} people, exactly: counted in ${first.took}, and in ${again.took} when asked again.`)
  say('How it was counted, each part with its people in [brackets] and after the arrow those left:\n')
  say(String(crowd.explain(rule)))
}

function asItIsTyped(crowd: ShopEngine): void {
  heading('3  The counts while a rule is being typed')
  say(
    'preview() gives the count of each part, and of the whole without it. A text that is no rule yet says what is missing.\n',
  )
  const texts = [
    '精致妈妈',
    '精致妈妈 and 类目活跃',
    '精致妈妈 and 类目活跃 has any ("奶粉"',
    '精致妈妈 and 类目活跃 has any ("奶粉")',
    '精致妈妈 and 类目活跃 has any ("奶粉") minus 老顾',
    headline,
  ]
  for (const [index, text] of texts.entries()) {
    say(`${index === 0 ? '' : '\n'}> ${text}`)
    try {
      const { result, took } = timed(() => crowd.preview(text))
      say(`${whole(result.count)} people in ${took}`)
      const parts = result.nodes.filter(({ without }) => without !== null)
      if (parts.length > 0) {
        const rows = parts.map(({ rule, count, without }) => [rule, count, without ?? 0])
        table(
          ['  part', 'people', 'whole without it'],
          rows.map(([rule, ...counts]) => [`  ${rule}`, ...counts]),
        )
      }
    } catch (error) {
      if (!(error instanceof CrowdbitError)) throw error
      say(error.message)
    }
  }
}

function packs(crowd: ShopEngine): void {
  heading('4  Packs 人群包 have a size that they must fit')
  const base = '精致妈妈 and 类目活跃 has any ("奶粉") and 消费能力 = "高"'
  const narrow = { name: '奶粉 高消费 T1', rule: `${base} and 城市等级 = "T1" and not 老客`, bounds: { min: 2_000 } }
  say(`${narrow.rule}\n`)
  const error = refusal(() => crowd.audiences.create(narrow))
  say(`A pack of it, of at least 2,000 people, is refused. The error says what would help:\n\n${error.message}\n`)
  crowd.audiences.create({ ...narrow, name: '奶粉 高消费', rule: `${base} and not 老客` })
  crowd.audiences.create({ name: '母婴 活跃', kind: 'industry', rule: '类目活跃 has any ("奶粉", "纸尿裤", "辅食")' })
  crowd.audiences.create({ name: '加购 未下单', kind: 'official', rule: '加购 minus 下单' })
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

function theirIds(crowd: ShopEngine): void {
  heading('5  Who they are')
  const people = crowd.select(headline)
  const page = people.page(null, 6)
  say(`First page   ${page.ids.join(' ')}`)
  say(`Next page    ${people.page(page.next, 6).ids.join(' ')}`)
  say(`A sample     ${people.sample(6, { seed }).join(' ')}`)
  say('\nThe sample is of the same six people after a restart too, or an import in another order.')
  const [dense, portable] = [people.dense(), people.portableBytes()]
  say(`
${whole(people.size)} people are ${bytes(dense.byteLength)} as numbers and ${bytes(portable.byteLength)} as a portable Roaring bitmap, which warehouses \
read and write. What comes back from one is a tag in one call:
`)
  const reached = crowd.addColumn('已触达', flag())
  const { took } = timed(() => reached.tags.已触达.replace(portable))
  const rest = '精致妈妈 and 类目活跃 has any ("奶粉") minus 已触达'
  say(`crowd.tags.已触达.replace(bytes) took ${took} for ${whole(reached.tags.已触达.size)} people`)
  say(`${rest} has ${whole(reached.count(rest))} people`)
  reached.dropColumn('已触达')
}

function onePerson(crowd: ShopEngine): void {
  heading('6  One person')
  const prepared = crowd.prepare(headline)
  const some = crowd.select('精致妈妈').sample(50_000)
  const { result, took } = timed(() => some.filter((id) => prepared.matches(id)).length)
  say(`${whole(some.length)} people asked one by one, by id: ${whole(result)} match, in ${took}. Two of them, and why:`)
  const [member] = crowd.select(headline).ids()
  const [customer] = crowd.select('精致妈妈 and 类目活跃 has any ("奶粉") and 老客').ids()
  for (const id of [member!, customer!]) {
    say(`\n${id} ${crowd.matches(id, headline) ? 'matches' : 'does not match'}`)
    drawPerson(crowd.explainMatch(id, headline)!)
  }
}

function drawPerson(step: PersonStep, indent = '  '): void {
  const value = step.value === undefined ? '' : `   value: ${step.value === null ? 'none' : JSON.stringify(step.value)}`
  say(`${indent}${step.holds ? 'yes' : 'no '}  ${step.rule}${value}`)
  for (const inner of step.steps) drawPerson(inner, `${indent}  `)
}

async function saveAndLoad(crowd: ShopEngine): Promise<void> {
  heading('7  Save, load, the same answer')
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-demo-'))
  try {
    let began = performance.now()
    await crowd.save(folder)
    const saving = time(performance.now() - began)
    let size = 0
    for (const file of await readdir(folder)) size += (await stat(join(folder, file))).size
    began = performance.now()
    const again = await loadEngine(folder, { schema: shopSchema })
    const loading = time(performance.now() - began)
    say(`Saved in ${saving}, every file synced: ${bytes(size)}. Loaded and checked in ${loading}.`)
    say(`Before ${whole(crowd.count(headline))} people, after ${whole(again.count(headline))}.`)
    say(
      `Packs came along: ${again.audiences
        .list()
        .map(({ name, size }) => `${name} (${whole(size)})`)
        .join(', ')}.`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function sizes(crowd: ShopEngine): void {
  heading('8  What a million people take')
  const { people, idBytes, columns } = crowd.stats()
  const tagBytes = columns.reduce((sum, column) => sum + column.bytes, 0)
  const tags = columns.reduce((sum, column) => sum + column.values, 0)
  const perPerson = (count: number): string => `${(count / people).toFixed(1)} bytes a person`
  say(`ids       ${bytes(idBytes).padStart(8)}   ${perPerson(idBytes)}, both ways between ids and numbers`)
  say(
    `tags      ${bytes(tagBytes).padStart(8)}   ${perPerson(tagBytes)}, for ${whole(tags)} bitmaps in ${columns.length} columns`,
  )
  say(`together  ${bytes(idBytes + tagBytes).padStart(8)}`)
}

const began = performance.now()
const crowd = theShop()
theHeadlineRule(crowd)
asItIsTyped(crowd)
packs(crowd)
theirIds(crowd)
onePerson(crowd)
await saveAndLoad(crowd)
sizes(crowd)
console.log(`\nDone in ${time(performance.now() - began)}.`)
