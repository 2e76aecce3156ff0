import { createEngine, loadEngine, flag, category } from '/work/main/src/index.ts'
import { mkdtempSync } from 'node:fs'
const t = (name: string, f: () => any) => { const b = performance.now(); let r: any; try { r = f() } catch (e: any) { r = `THROWS ${e.constructor.name} ${e.code ?? ''} ${String(e.message).slice(0, 160)}` } console.log(name, '→', typeof r === 'object' ? JSON.stringify(r)?.slice(0,200) : r, `(${(performance.now() - b).toFixed(0)} ms)`) }
const dir = mkdtempSync('/tmp/rev-')
const mk = () => { const c = createEngine({ schema: { x: flag(), y: flag(), c: category(), m: category({ many: true }) } }); c.putMany(Array.from({ length: 500 }, (_, i) => ['u' + i, { x: i % 2 === 0, c: 'v' + (i % 50), m: ['a' + (i % 7), 'b' + (i % 5)] }] as const)); return c }
// chain: or(c=vi , and(m has any, inner))
const chain = (c: any, n: number, inner: any, salt: number) => { let r = inner; for (let i = 0; i < n; i++) r = i % 2 ? c.rules.or(c.rules.tag('c').eq('s' + salt + '_' + i), r) : c.rules.and(c.rules.tag('m').hasAny(['s' + salt + '_' + i, 'a0']), r); return r }
const b = { min: 0 }
// A: brick the save by update
{ const c = mk(); const w = c.workspace('evil')
  w.audiences.create({ name: 'A1', rule: 'x', bounds: b })
  for (let k = 2; k <= 7; k++) w.audiences.create({ name: 'A' + k, rule: chain(c, 160, c.rules.audience('A' + (k - 1)), k), bounds: b })
  t('count A7', () => w.count('audience A7'))
  t('update A1', () => { w.audiences.get('A1').update({ rule: chain(c, 160, c.rules.tag('x'), 1) }); return 'accepted' })
  t('count A7 after', () => w.count('audience A7'))
  await c.save(dir + '/brick')
  try { const l = await loadEngine(dir + '/brick'); console.log('loaded', l.size) } catch (e: any) { console.log('LOAD FAILS', e.code, e.message.slice(0, 300)) }
}
// limits
{ const c = createEngine({ schema: { x: flag() , c: category()}, limits: { listLength: 200_000 } }); c.put('a', { x: true }); c.audiences.create({ name: 'L', rule: c.rules.tag('c').notIn(Array.from({ length: 150_000 }, (_, i) => 'v' + i)), bounds: b }); await c.save(dir + '/lim'); try { await loadEngine(dir + '/lim'); console.log('loaded') } catch (e: any) { console.log('LIMITS LOAD', e.code, e.message.slice(0, 200)) } }
// B: depth beyond 1000 by listing known ones first
{ const c = mk()
  c.audiences.create({ name: 'A1', rule: chain(c, 150, c.rules.tag('x'), 1), bounds: b })
  for (let k = 2; k <= 40; k++) {
    const known = Array.from({ length: k - 1 }, (_, i) => c.rules.audience('A' + (i + 1)))
    t('create A' + k, () => { c.audiences.create({ name: 'A' + k, rule: c.rules.xor(c.rules.or(...known), chain(c, 150, c.rules.audience('A' + (k - 1)), k)), bounds: b }); return 'ok' })
  }
}
