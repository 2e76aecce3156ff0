// Makes the golden store of a format: a folder of an engine as this version of crowdbit writes it, a log behind its checkpoint, and
// what the engine answered. `npx tsx scripts/golden-store.ts <name>`; one that is there is never written again.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { category, type ExternalId, event, flag, number, openEngine, timestamp } from '../src/index.ts'
import { goldenAnswers } from '../test/engine/golden-answers.ts'

const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('give the store a name, as in: npx tsx scripts/golden-store.ts v2')
const place = join(import.meta.dirname, '../test/golden/stores', name)
if (existsSync(place)) throw new Error(`${place} is there already: a golden store is kept as it was written`)

const asOf = Date.UTC(2026, 10, 20, 12)
const folder = mkdtempSync(join(tmpdir(), 'crowdbit-golden-'))
const dir = join(folder, 'data')
const crowd = await openEngine({
  dir,
  timeZone: 'Asia/Shanghai',
  clock: { now: () => asOf as never },
  schema: {
    精致妈妈: flag(),
    cityTier: category({ values: ['T1', 'T2', 'T3'] }),
    interests: category({ many: true }),
    spend: number({ scale: 2, min: -100_000, max: '90071992547409.91' }),
    points: number({ merge: 'sum' }),
    joinedAt: timestamp({ merge: 'min' }),
    purchase: event({ product: category(), amount: number({ scale: 2 }), gift: flag() }, { retentionDays: 400 }),
    browse: event({ category: category() }),
  },
})

/** Strings and both kinds of integers. */
function idOf(i: number): ExternalId {
  if (i % 7 === 3) return i
  return i % 7 === 5 ? BigInt(i) * 10_000_000_000n : `user-${i}`
}

function write(from: number, to: number): void {
  for (let i = from; i < to; i++) {
    crowd.put(idOf(i), {
      精致妈妈: i % 4 === 0,
      cityTier: (['T1', 'T2', 'T3', null] as const)[i % 4]!,
      interests: i % 3 === 0 ? ['奶粉', `topic ${i % 5}`] : [],
      spend: i % 6 === 5 ? null : i % 11 === 0 ? `-${i}.25` : `${i * i}.5`,
      points: i % 13,
      joinedAt: Date.UTC(2026, 10, 1 + (i % 20), i % 24, 7),
    })
  }
  for (let i = 3 * from; i < 3 * to; i++) {
    const at = Date.UTC(2026, 8 + (i % 3), 1 + (i % 19), (i * 5) % 24, i % 60, 0, i % 1000)
    const id = idOf((i * 7) % to)
    const eventId = i % 5 === 0 ? { eventId: `order-${i % 400}` } : {}
    if (i % 2 === 0) {
      crowd.track(id, 'purchase', { at, product: `p${i % 13}`, amount: `${i % 50}.10`, gift: i % 9 === 0, ...eventId })
    } else crowd.track(id, 'browse', { at, category: i % 4 === 1 ? '奶粉' : '玩具' })
  }
}

write(0, 200)
crowd.removeMany(['user-8', 'user-13', 'nobody'])
crowd.linkMany([
  ['user-1', 'phone:1'],
  ['phone:1', 'wechat:1'],
  ['user-2', 'user-4'],
  ['user-4', 3],
  ['user-6', 'to be removed'],
])
crowd.unlink('wechat:1')
crowd.link('wechat:1', 'user-7')
crowd.remove('user-6')
crowd.defineTag('大客户', 'spend >= 10000')
crowd.defineTag(
  '等级',
  [
    ['高', 'spend >= 40000'],
    ['中', 'spend >= 1000'],
  ],
  { mode: 'built' },
)
crowd.audiences.create({ name: '妈妈', rule: '精致妈妈 and cityTier in ("T1", "T2")', bounds: { min: 1 } })
crowd.audiences.createList({
  name: 'uploaded',
  members: ['user-1', 'user-2', 'user-4', 'stranger'],
  bounds: { min: 1, max: 50 },
  kind: 'official',
})
await crowd.checkpoint()
// From here on: what only the log holds.
write(200, 260)
crowd.put('late', { 精致妈妈: true, cityTier: 'T1' })
crowd.addColumn('city', category())
crowd.put('user-9', { city: '杭州' } as never)
crowd.audiences.get('妈妈').rebuild()
crowd
  .workspace('shop-2')
  .audiences.create({ name: 'other', rule: 'did purchase', bounds: { min: 1 }, kind: 'industry' })
crowd.link('user-9', 'user-10')
crowd.link('phone:10', 'user-10')
crowd.removeMany(['user-15', 'user-16'])
crowd.tags.精致妈妈.add(['user-9', 'fresh'])
crowd.tags.spend.set(['user-18', 'user-20'], [12.5, -3])
await crowd.flushed()

const questions = [
  'everyone',
  '精致妈妈',
  'cityTier = "T2"',
  'cityTier is not set',
  'interests has any ("奶粉", "topic 2")',
  'spend >= 100.5',
  'spend < 0',
  'points >= 13',
  'city = "杭州"',
  'joinedAt in last 7 days',
  'did purchase(amount >= 20) at least 2 times in last 60 days',
  'sum amount of purchase in last 90 days >= 100',
  'did purchase then did purchase within 30 days',
  'did purchase exactly 3 times',
  '大客户',
  '等级 = "高"',
  '等级 = "中"',
  'audience "妈妈"',
  'audience "妈妈" version 1',
  'audience "uploaded" version latest',
]
const ids = ['user-0', 'user-2', 'user-4', 'user-9', 'user-10', 'user-49', 'late', 'fresh', '#3', '#50000000000']
const answers = goldenAnswers(crowd as never, questions, ids)
mkdirSync(place, { recursive: true })
cpSync(dir, join(place, 'data'), { recursive: true })
rmSync(join(place, 'data/LOCK'))
const expected = { asOf, unknown: ['user-15', 'user-16', 'to be removed', 'nobody'], ...answers }
writeFileSync(join(place, 'expected.json'), `${JSON.stringify(expected, null, 1)}\n`)
await crowd.close()
rmSync(folder, { recursive: true })
for (const [rule, ids] of Object.entries(answers.answers)) console.log(String(ids.length).padStart(5), rule)
