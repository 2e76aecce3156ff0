import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

/** A table of results: the first cell of a row says what was measured. */
export interface Table {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Prints tables as Markdown, and writes them as JSON with machine, date and command into bench/results. */
export function report(name: string, tables: readonly Table[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim()
  for (const table of tables) {
    const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`
    console.log(`\n### ${table.title}\n`)
    console.log(line(table.header))
    console.log(`|---|${'--:|'.repeat(table.header.length - 1)}`)
    for (const row of table.rows) console.log(line(row))
  }
  const date = new Date().toISOString().slice(0, 10)
  console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${date}: \`${command}\``)
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ name, command, date, machine, tables }, null, 2)}\n`)
}

function cell(value: string | number): string {
  if (typeof value === 'string') return value
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3)
}
