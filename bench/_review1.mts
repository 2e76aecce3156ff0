import { createEngine, loadEngine, flag, category } from '/work/main/src/index.ts'
import { mkdtempSync } from 'node:fs'
const t = (name: string, f: () => any) => { const b = performance.now(); let r: any; try { r = f() } catch (e: any) { r = `THROWS ${e.constructor.name} ${e.code ?? ''} ${String(e.message).slice(0, 200)}` } console.log(name, '→', typeof r === 'object' ? JSON.stringify(r) : r, `(${(performance.now() - b).toFixed(0)} ms)`) }
// 1 foreign user set
{ const a = createEngine({ schema: { x: flag() } }), b = createEngine({ schema: { x: flag() } })
  a.tags.x.add(['alice', 'bob']); b.tags.x.add(['carol', 'dave']); b.tags.x.clear(['carol','dave'])
  t('foreign user set add', () => { b.tags.x.add(a.select('x')); return [...b.select('x').ids()] })
  t('foreign list', () => [...b.audiences.createList({ name: 'l', members: a.select('x'), bounds: { min: 1 } }).version.ids()]) }
// 2 adjacent runs
{ const c = createEngine({ schema: { x: flag(), y: flag() } })
  c.putMany(Array.from({ length: 200 }, (_, i) => ['u' + i, {}] as const))
  // cookie 12347, 1 container; run flags 1 ; key 0 card 100 ; runs: 2: (0,49) (50,49)
  const bytes = Uint8Array.from([0x3b, 0x30, 0, 0, 1, 0, 0, 99, 0, 2, 0, 0, 0, 49, 0, 50, 0, 49, 0])
  const one = Uint8Array.from([0x3b, 0x30, 0, 0, 1, 0, 0, 99, 0, 1, 0, 0, 0, 99, 0])
  t('adj x', () => { c.tags.x.replace(bytes); c.tags.y.replace(one); return [c.count('x'), c.count('y'), c.count('x and y'), c.count('x minus y'), c.count('x xor y')] })
  t('equals', () => [c.select('x').equals(c.select('y')), c.select('y').equals(c.select('x')), c.select('x').isSubsetOf(c.select('y')), c.select('y').isSubsetOf(c.select('x'))])
}
// 3 stale writer
{ const c = createEngine({ schema: { x: flag() } }); const w = c.tags.x; w.add(['a']); c.dropColumn('x'); (c as any).addColumn('x', flag()); w.add(['a', 'b']); console.log('stale writer size', w.size, 'really', (c as any).count('x')) 
  const d = createEngine({ schema: { x: category() } }); const v = d.tags.x; v.add('p', ['a']); d.dropColumn('x'); (d as any).addColumn('x', category()); v.add('p', ['a', 'b']); console.log('stale writer', v.size, v.values(), (d as any).tags.x.values()) }
// 4 stale workspace
{ const c = createEngine({ schema: { x: flag() } }); c.tags.x.add(['a', 'b', 'c']); const ws = c.workspace('w'); const au = ws.audiences.create({ name: 'A', rule: 'x', bounds: { min: 1 } }); c.removeWorkspace('w'); c.removeMany(['a', 'b'])
  t('stale ws', () => [c.size, ws.count('everyone'), ws.count('audience A version latest'), ws.count('not audience A version latest'), au.size, [...au.version.ids()]]) }
// pruned version held
{ const c = createEngine({ schema: { x: flag() } }); c.tags.x.add(['a', 'b', 'c']); const au = c.audiences.create({ name: 'A', rule: 'x', bounds: { min: 0 } }); const v1 = au.version; for (let i = 0; i < 4; i++) au.rebuild(); c.removeMany(['a', 'b']); console.log('held pruned version size', v1.size, [...v1.ids()], 'kept', au.versions.map(v=>[v.number,v.size])) }
// 5 template null
{ const c = createEngine({ schema: { x: category() } }); c.put('a', { x: 'p' }); c.put('b', { x: 'q' })
  const tp = c.rules.template({ name: 't', parameters: { v: { type: 'text', default: 'p' } }, rule: 'x = $v' })
  t('template null', () => String(tp.apply({ v: null } as any)))
  const t2 = c.rules.template({ name: 't', parameters: { v: { type: 'text', values: ['caf\u00e9'] } }, rule: 'x = $v' })
  t('template NFD', () => String(t2.apply({ v: 'cafe\u0301' } as any)))
  t('template dup names', () => Object.keys(c.rules.template({ name: 't', parameters: { 'caf\u00e9': { type: 'text', default: 'A' }, 'cafe\u0301': { type: 'text', default: 'B' } } as any, rule: 'x = $caf\u00e9' }).parameters)) }
// 6 hand-written spec
{ t('spec no many', () => { const c = createEngine({ schema: { x: { kind: 'category', values: null } as any } }); c.put('a', { x: 'p' } as any); return c.count('x = "p"') })
  t('spec NFD', () => { const c = createEngine({ schema: { x: { kind: 'category', many: false, values: ['cafe\u0301'] } as any } }); c.put('a', { x: 'cafe\u0301' } as any); return c.count('x = "cafe\u0301"') })
  t('spec mutable', () => { const spec = { kind: 'category', many: false, values: ['a'] } as any; const c = createEngine({ schema: { x: spec } }); spec.values.push('b'); c.put('u', { x: 'b' } as any); return JSON.stringify(c.schema) }) }
const dir = mkdtempSync('/tmp/rev-')
{ const c = createEngine({ schema: { x: { kind: 'category', values: null } as any } }); try { await c.save(dir + '/a'); await loadEngine(dir + '/a'); console.log('ok') } catch (e: any) { console.log('save/load spec without many:', e.code, e.message) } }
{ const c = createEngine({ schema: { x: { kind: 'category', values: ['a'], many: 1 } as any } }); try { await c.save(dir + '/b'); console.log('saved'); await loadEngine(dir + '/b'); console.log('ok') } catch (e: any) { console.log('save/load spec many 1:', e.code, e.message) } }
// 7 double release
{ const c = createEngine({ schema: { x: flag(), y: flag() } }); c.tags.x.add(['a', 'b']); c.tags.y.add(['b']); const s = c.select('x and y'); const it = s.ids(); it.next(); s.release(); s.release(); console.log([...it]); const p = c.select('x'); p.release(); console.log(c.count('x')) }
