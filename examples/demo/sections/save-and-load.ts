import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadEngine } from 'crowdbit'
import { headline } from '../headline.ts'
import { bytes, heading, say, time, whole } from '../page.ts'
import { type ShopEngine, shopClock, shopSchema } from '../shop-schema.ts'

export async function saveAndLoad(crowd: ShopEngine): Promise<void> {
  heading('12  Save, load, the same answer')
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-demo-'))
  try {
    let began = performance.now()
    await crowd.save(folder)
    const saving = time(performance.now() - began)
    let size = 0
    for (const file of await readdir(folder)) size += (await stat(join(folder, file))).size
    began = performance.now()
    const again = await loadEngine(folder, { schema: shopSchema, clock: shopClock })
    const loading = time(performance.now() - began)
    say(`Saved in ${saving}, every file synced: ${bytes(size)}. Loaded and checked in ${loading}.`)
    say(`Before ${whole(crowd.count(headline))} people, after ${whole(again.count(headline))}.`)
    const packs = again.audiences.list().map(({ name, size }) => `${name} (${whole(size)})`)
    const derived = again.derivedTags.list().map(({ name }) => name)
    say(`Packs came along: ${packs.join(', ')}. So did the tags ${derived.join(' and ')}.`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
