import { tagsIn } from '../audiences/names-in-rule.ts'
import type { BuiltState, DerivedCase, DerivedTag } from '../dataset/derived-tag.ts'
import { ruleToJson } from '../rules/json/rule-to-json.ts'
import type { Schema } from '../schema/schema.ts'
import type { PlainData } from '../store/plain-data.ts'
import { damaged, fieldsOf, instantOf, listOf, textOf, wholeOf } from './saved-fields.ts'
import { readRule } from './saved-rule.ts'

/** A derived tag as plain data; the people of a built one are in the section of its column. */
export function writeDerived([name, { cases, mode, built }]: readonly [string, DerivedTag]): PlainData {
  return {
    name,
    mode,
    asOf: built === null ? null : built.asOf,
    dataVersion: built === null ? null : built.dataVersion,
    cases: cases.map(({ value, rule }) => ({ value, rule: JSON.stringify(ruleToJson(rule)) })),
  }
}

/**
 * The derived tags of a save, which may have none: saves of before there were any. Their rules are checked against the schema when
 * the engine is made.
 *
 * @throws STORE_CORRUPT
 */
export function readDerived(data: PlainData | undefined, schema: Schema): readonly (readonly [string, DerivedTag])[] {
  if (data === undefined) return []
  const items = listOf(data, 'derived')
  const names = new Set(items.map((item) => textOf(fieldsOf(item, 'a derived tag').name, 'the name of a derived tag')))
  const seen = new Set<string>()
  return items.map((item) => {
    const saved = fieldsOf(item, 'a derived tag')
    const name = textOf(saved.name, 'the name of a derived tag')
    const { mode } = saved
    if (mode !== 'live' && mode !== 'built') throw damaged(`derived tag ${name} has an unknown mode`)
    if (seen.has(name)) throw damaged(`derived tag ${name} stands there twice`)
    const cases = listOf(saved.cases, 'the cases of a derived tag').map((each): DerivedCase => {
      const { value, rule } = fieldsOf(each, 'a case of a derived tag')
      return {
        value: value === null ? null : textOf(value, 'the value of a case'),
        rule: readRule(textOf(rule, 'the rule of a case')).node,
      }
    })
    checkCases(name, cases, schema)
    for (const { rule } of cases) {
      // A rule names what was there before its tag, so that no tag is defined by itself.
      for (const tag of tagsIn(rule))
        if (names.has(tag) && !seen.has(tag)) throw damaged(`derived tag ${name} names ${tag}`)
    }
    const built: BuiltState | null =
      saved.asOf === null
        ? null
        : { asOf: instantOf(saved.asOf, 'asOf'), dataVersion: wholeOf(saved.dataVersion, 'dataVersion') }
    if (mode === 'live' && built !== null) throw damaged(`derived tag ${name} is live and built at once`)
    seen.add(name)
    return [name, { cases, mode, built }] as const
  })
}

/** The cases fit the column: one without value for a flag, those of the listed values, in order, for a category. */
function checkCases(name: string, cases: readonly DerivedCase[], schema: Schema): void {
  const spec = schema.get(name)
  const values = cases.map(({ value }) => value)
  const fits =
    spec?.kind === 'flag'
      ? values.length === 1 && values[0] === null
      : spec?.kind === 'category' && !spec.many && spec.values !== null && sameTexts(values, spec.values)
  if (!fits) throw damaged(`derived tag ${name} does not fit its column`)
}

function sameTexts(found: readonly (string | null)[], expected: readonly string[]): boolean {
  return found.length === expected.length && found.every((value, index) => value === expected[index])
}
