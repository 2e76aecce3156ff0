import { expect, test } from 'vitest'
import { createEngine, flag } from '../../src/index.ts'
import { refusal } from './refusal.ts'

const bounds = { min: 0 }

test('law 18: names are unique in a workspace after NFC and trimming', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  const pack = crowd.audiences.create({ name: ' caf\u00e9 ', rule: 'vip', bounds })
  expect(pack.name).toBe('caf\u00e9')
  for (const name of ['caf\u00e9', 'cafe\u0301', '  cafe\u0301\u3000']) {
    expect(refusal(() => crowd.audiences.create({ name, rule: 'vip', bounds })).message).toBe(
      'AUDIENCE_NAME_TAKEN: there is an audience "caf\u00e9" in this workspace already',
    )
    expect(crowd.audiences.get(name)).toBe(pack)
    expect(crowd.audiences.has(name)).toBe(true)
    expect(crowd.count(crowd.rules.audience(name))).toBe(0)
  }
  crowd.audiences.create({ name: 'Caf\u00e9', rule: 'vip', bounds })
  expect(crowd.audiences.list()).toHaveLength(2)
})

test('law 18: names of workspaces too', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  expect(crowd.workspace(' shop\u00e9')).toBe(crowd.workspace('shope\u0301 '))
  expect(crowd.workspaces()).toEqual(['default', 'shop\u00e9'])
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(257), '\ud800']) {
    expect(refusal(() => crowd.workspace(name)).code).toBe('WORKSPACE_NAME_INVALID')
    expect(refusal(() => crowd.audiences.create({ name, rule: 'vip', bounds })).code).toBe('AUDIENCE_NAME_INVALID')
  }
})

test('law 18: two workspaces may have audiences of one name, which are two', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.put('u1', { vip: true })
  crowd.put('u2', {})
  const [north, south] = [crowd.workspace('north'), crowd.workspace('south')]
  north.audiences.create({ name: 'pack', rule: 'vip', bounds })
  south.audiences.create({ name: 'pack', rule: 'not vip', bounds })
  expect([...north.select('audience pack')]).toEqual(['u1'])
  expect([...south.select('audience pack')]).toEqual(['u2'])
  north.audiences.rename('pack', 'packed')
  north.audiences.remove('packed')
  expect(south.audiences.get('pack').size).toBe(1)
})

test('law 18: no rule, name, listing or error of one shows anything of another', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.put('u1', { vip: true })
  const secret = '双11 秘密名单'
  const north = crowd.workspace('north')
  const south = crowd.workspace('south')
  north.audiences.create({ name: secret, rule: 'vip', bounds })
  south.audiences.create({ name: 'other', rule: 'vip', bounds })

  expect(south.audiences.list().map(({ name }) => name)).toEqual(['other'])
  expect(south.audiences.has(secret)).toBe(false)
  const near = '双11 秘密名'
  const refused = [
    () => south.count(`audience "${near}"`),
    () => south.count(`audience "${secret}"`),
    () => south.prepare(`audience "${secret}" version 1`),
    () => south.audiences.get(near),
    () => south.audiences.remove(near),
    () => south.audiences.rename(near, 'x'),
    () => south.audiences.create({ name: 'x', rule: `audience "${near}"`, bounds }),
    () => south.audiences.get('other').update({ rule: `audience "${near}"` }),
    () => crowd.count(`audience "${near}"`),
  ]
  for (const call of refused) {
    const error = refusal(call)
    const told = JSON.stringify(error).replaceAll(JSON.stringify(near).slice(1, -1), '')
    expect(told, error.message).not.toContain('Did you mean')
    expect(['RULE_UNKNOWN_AUDIENCE', 'AUDIENCE_UNKNOWN']).toContain(error.code)
  }
  // Free in this workspace: the name is not taken by another.
  south.audiences.create({ name: secret, rule: 'not vip', bounds })
  expect(north.count(`audience "${secret}"`)).toBe(1)
  expect(south.count(`audience "${secret}"`)).toBe(0)
})

test('law 18: a column that audiences name is told by their number alone', () => {
  const crowd = createEngine({ schema: { vip: flag(), old: flag() } })
  crowd.workspace('north').audiences.create({ name: 'secret', rule: 'vip', bounds })
  crowd.workspace('south').audiences.create({ name: 'hidden', rule: 'not vip', bounds })
  const error = refusal(() => crowd.dropColumn('vip'))
  expect(error.message).toBe(
    'SCHEMA_COLUMN_IN_USE: column "vip" is named by the rules of 2 audiences: change or remove them first',
  )
  expect(error.facts).toEqual({ name: 'vip', audiences: 2 })
})
