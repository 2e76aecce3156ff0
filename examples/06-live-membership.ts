/**
 * New members without a first purchase, near real time: as each event arrives, one person is asked whether they belong, and
 * what has changed is told. An hourly look finds those whom time alone moved: no event says that a day has passed.
 */
import { createEngine, event, number, templates, timestamp } from 'crowdbit'

const crowd = createEngine({
  timeZone: 'Asia/Shanghai',
  schema: {
    joinedAt: timestamp(),
    coupon: event(),
    purchase: event({ amount: number({ scale: 2 }) }),
  },
})

const newMembers = crowd.rules.template(templates.newMemberWithoutPurchase).apply({ days: 7 })
const reminder = crowd.rules.parse(
  'did coupon then did not purchase within 24 hours in last 3 days including today minus did purchase',
)
console.log(`new members  ${newMembers}\nreminder     ${reminder}\n`)

/** Who belongs now, by what they are to be told. */
const packs = [
  { name: 'new members', rule: crowd.prepare(newMembers), members: new Set<string>() },
  { name: 'reminder', rule: crowd.prepare(reminder), members: new Set<string>() },
]

/** Asks each rule about one person, and tells what changed. Cost: microseconds, however many people there are. */
function look(id: string, at: string): void {
  for (const { name, rule, members } of packs) {
    const belongs = rule.matches(id, { asOf: at })
    if (belongs === members.has(id)) continue
    if (belongs) members.add(id)
    else members.delete(id)
    console.log(`${at}  ${id.padEnd(4)}  ${belongs ? 'enters' : 'leaves'} ${name}`)
  }
}

/** The whole packs, for those whom no event moved: in or out by the clock alone. */
function lookAtAll(at: string): void {
  const concerned = new Set<string>()
  for (const { rule, members } of packs) {
    for (const id of members) concerned.add(id)
    for (const id of rule.select({ asOf: at }).ids()) concerned.add(String(id))
  }
  for (const id of [...concerned].sort()) look(id, at)
}

type Arrival = readonly [at: string, id: string, what: 'joins' | 'coupon' | 'buys' | 'an hour passes']

const day: readonly Arrival[] = [
  ['2026-11-20T09:00', 'Lin', 'joins'],
  ['2026-11-20T09:01', 'Lin', 'coupon'],
  ['2026-11-20T09:30', 'Chen', 'joins'],
  ['2026-11-20T09:31', 'Chen', 'coupon'],
  ['2026-11-20T10:12', 'Chen', 'buys'],
  ['2026-11-20T11:00', 'Zhao', 'joins'],
  ['2026-11-20T11:05', 'Zhao', 'buys'],
  ['2026-11-21T09:00', '', 'an hour passes'],
  ['2026-11-21T10:00', '', 'an hour passes'],
  ['2026-11-21T10:20', 'Lin', 'buys'],
  ['2026-11-22T12:00', 'Wang', 'joins'],
  ['2026-11-30T00:00', '', 'an hour passes'],
]

for (const [at, id, what] of day) {
  if (what === 'joins') crowd.put(id, { joinedAt: at })
  if (what === 'coupon') crowd.track(id, 'coupon', { at })
  if (what === 'buys') crowd.track(id, 'purchase', { at, amount: '59.90' })
  // A window ends at the instant of the question, which it does not include: so a second later.
  const asked = `${at}:01`
  if (what === 'an hour passes') lookAtAll(asked)
  else look(id, asked)
}
