import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runSnippet } from './run-snippet.ts'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const blocks = [...readme.matchAll(/```(ts|text|sh)\n([\s\S]*?)```/g)].map(([, language, code]) => ({
  language,
  code: code!,
}))
const programs = blocks.filter(({ language }) => language === 'ts').map(({ code }) => code)
const place = mkdtempSync(join(tmpdir(), 'crowdbit-readme-'))
const before = process.cwd()
afterAll(() => {
  process.chdir(before)
  rmSync(place, { recursive: true, force: true })
})

it('the first program begins by line 15, has at most 20 lines, and prints what the README says', async () => {
  const [program] = programs
  const line = readme.slice(0, readme.indexOf(program!)).split('\n').length
  expect(line).toBeLessThanOrEqual(15)
  expect(program!.trim().split('\n').length).toBeLessThanOrEqual(20)
  const { printed } = await runSnippet(program!)
  expect(`${printed}\n`).toBe(blocks.find(({ language }) => language === 'text')!.code)
})

it('the first program is the first example, to the letter', () => {
  expect(readFileSync(join(import.meta.dirname, '../../examples/01-first-program.ts'), 'utf8')).toBe(programs[0])
})

it('the programs after it run, one after the other', async () => {
  process.chdir(place)
  writeFileSync('members.csv', 'openid,等级\nu1,T1\nu2,T2\n')
  writeFileSync('orders.csv', 'openid,paidAt,order,product,amount\nu1,2026-11-20 09:00,o-2,奶粉,268.00\n')
  await runSnippet(programs.slice(1).join('\n'))
})
