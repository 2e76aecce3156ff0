import { flag } from 'crowdbit'
import { headline, prospects } from '../headline.ts'
import { bytes, heading, say, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function theirIds(crowd: ShopEngine, seed: number): void {
  heading('10  Who they are')
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
  const rest = `${prospects} minus 已触达`
  say(`crowd.tags.已触达.replace(bytes) took ${took} for ${whole(reached.tags.已触达.size)} people`)
  say(`${rest} has ${whole(reached.count(rest))} people`)
  reached.dropColumn('已触达')
}
