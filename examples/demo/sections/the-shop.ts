import { createEngine } from 'crowdbit'
import { bytes, heading, say, table, whole } from '../page.ts'
import { fillShop, type ShopEngine, shopClock, shopSchema } from '../shop-schema.ts'
import { timed } from '../timing.ts'

const population = 1_000_000

export function theShop(seed: number): ShopEngine {
  heading('1  A shop with a million people')
  const crowd = createEngine({ schema: shopSchema, timeZone: 'Asia/Shanghai', clock: shopClock })
  const { took } = timed(() => fillShop(crowd, population, seed))
  const { columns, events } = crowd.stats()
  const count = events.reduce((sum, kind) => sum + kind.events, 0)
  say(
    `Made and loaded ${whole(crowd.size)} people with ${columns.length} tags and ${whole(count)} events in ${took}.
It is 20:00 of 20 November 2026 in Shanghai. Some of the tags, and all of the events:\n`,
  )
  const shown = ['精致妈妈', 'Gen Z', '小镇青年', '看过直播', '会员等级', '兴趣', 'spend', 'joinedAt']
  table(
    ['tag', 'kind', 'people', 'values', 'bytes'],
    columns
      .filter(({ name }) => shown.includes(name))
      .map(({ name, people, values, bytes }) => [name, kindOf(crowd, name), people, values, bytes]),
  )
  say('')
  table(
    ['events', 'properties', 'number', 'days', 'memory'],
    events.map(({ name, events, days, bytes: size }) => [name, propertiesOf(crowd, name), events, days, bytes(size)]),
  )
  return crowd
}

function kindOf(crowd: ShopEngine, name: string): string {
  const spec = new Map(Object.entries(crowd.schema)).get(name)
  if (spec?.kind === 'category') return spec.many ? 'many values' : 'one value'
  return spec?.kind ?? ''
}

function propertiesOf(crowd: ShopEngine, name: string): string {
  const spec = new Map(Object.entries(crowd.schema)).get(name)
  return spec?.kind === 'event' ? Object.keys(spec.properties).join(', ') : ''
}
