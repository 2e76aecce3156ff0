import { RE2JS } from 're2js'

/** A regular expression that takes time linear in the text, whatever pattern and text are. */
export interface LinearPattern {
  /** Whether the pattern is found anywhere in the text. */
  test(text: string): boolean
}

/** Largest compiled program, in instructions: what a match costs for each character of a text. */
const maxProgramSize = 2_000

/**
 * Compiles a pattern of RE2's syntax: no backreferences and no look-around, so that no pattern can explode.
 *
 * @returns the pattern, or the reason why it is refused, as a sentence.
 * Source: RE2 syntax, the wiki of google/re2.
 */
export function compilePattern(source: string): LinearPattern | string {
  try {
    const compiled = RE2JS.compile(source)
    const size = compiled.programSize()
    if (size > maxProgramSize) {
      return `its compiled form has ${size} steps, where at most ${maxProgramSize} are allowed; use smaller repeat counts`
    }
    return { test: (text) => compiled.matcher(text).find() }
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    return `${reason}. The syntax is RE2's: no backreferences, no look-around`
  }
}
