/**
 * The words of the rule language: one table for the lexer, the printer and docs/rules.md. English words are recognised in
 * any case, Chinese words as whole words.
 */

/** A language that rules are printed in. Both are read, also mixed. */
export type RuleLanguage = 'en' | 'zh'

/** A phrase of the language: an operator, or another word that is part of one. */
export type Phrase =
  | 'and'
  | 'or'
  | 'not'
  | 'minus'
  | 'xor'
  | 'in'
  | 'notIn'
  | 'hasAny'
  | 'hasAll'
  | 'hasNone'
  | 'startsWith'
  | 'contains'
  | 'matches'
  | 'isSet'
  | 'isNotSet'
  | 'audience'
  | 'version'
  | 'latest'
  | 'atLeast'
  | 'of'
  | 'everyone'
  | 'nobody'

/** How each phrase is said. An English phrase of several words is one Chinese word. */
export const vocabulary: Readonly<Record<Phrase, Readonly<Record<RuleLanguage, string>>>> = {
  and: { en: 'and', zh: '且' },
  or: { en: 'or', zh: '或' },
  not: { en: 'not', zh: '非' },
  minus: { en: 'minus', zh: '除去' },
  xor: { en: 'xor', zh: '异或' },
  in: { en: 'in', zh: '属于' },
  notIn: { en: 'not in', zh: '不属于' },
  hasAny: { en: 'has any', zh: '含任一' },
  hasAll: { en: 'has all', zh: '含全部' },
  hasNone: { en: 'has none', zh: '不含' },
  startsWith: { en: 'starts with', zh: '开头是' },
  contains: { en: 'contains', zh: '包含' },
  matches: { en: 'matches', zh: '匹配' },
  isSet: { en: 'is set', zh: '有值' },
  isNotSet: { en: 'is not set', zh: '无值' },
  audience: { en: 'audience', zh: '人群' },
  version: { en: 'version', zh: '版本' },
  latest: { en: 'latest', zh: '最新' },
  atLeast: { en: 'at least', zh: '至少' },
  of: { en: 'of', zh: '个' },
  everyone: { en: 'everyone', zh: '所有人' },
  nobody: { en: 'nobody', zh: '无人' },
}

/** A word with a meaning: a phrase said in one word, or one of the words of an English phrase. */
export type Keyword = Phrase | 'has' | 'any' | 'all' | 'none' | 'starts' | 'with' | 'is' | 'set' | 'at' | 'least'

/**
 * Keywords that are read as such only where nothing else can stand, so they are free as names. All others must be quoted
 * to be names.
 */
const contextual: ReadonlySet<Keyword> = new Set<Keyword>([
  'any',
  'all',
  'none',
  'starts',
  'with',
  'set',
  'least',
  'of',
  'version',
  'latest',
])

/**
 * Words kept free for rules about events, so that no rule saved today changes its meaning when they come: as names they
 * are quoted already.
 */
export const reservedWords: ReadonlySet<string> = new Set([
  ...['did', 'first', 'last', 'then', 'within', 'between', 'ever', 'where', 'times', 'including', 'today', 'without'],
  ...['minutes', 'hours', 'days', 'weeks', 'months', 'sum', 'avg', 'min', 'max', 'count', 'distinct'],
  ...['new', 'stopped', 'resumed', 'regular'],
  ...['做过', '未做过', '首次', '最近', '随后', '以内', '介于', '曾经', '其中', '次', '包括', '今天', '期间无'],
  ...['分钟', '小时', '天', '周', '月', '总和', '平均', '最小', '最大', '次数', '去重', '新增', '停止', '恢复', '规律'],
])

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...(Object.entries(vocabulary) as [Phrase, Record<RuleLanguage, string>][]).flatMap(
    ([phrase, { en, zh }]): [string, Keyword][] =>
      en.includes(' ')
        ? [[zh, phrase]]
        : [
            [en, phrase],
            [zh, phrase],
          ],
  ),
  ...(['has', 'any', 'all', 'none', 'starts', 'with', 'is', 'set', 'at', 'least'] as const).map(
    (word): [string, Keyword] => [word, word],
  ),
])

const longestWord = Math.max(...[...keywords.keys(), ...reservedWords].map((word) => word.length))

/** What a word (in NFC) means to the grammar, `null` for a mere name. */
export function keywordOf(word: string): Keyword | null {
  return word.length > longestWord ? null : (keywords.get(word) ?? keywords.get(word.toLowerCase()) ?? null)
}

/** Whether a word (in NFC) is kept for later. */
export function isReserved(word: string): boolean {
  return word.length <= longestWord && (reservedWords.has(word) || reservedWords.has(word.toLowerCase()))
}

/** Whether a keyword may stand as a name without quotes. */
export function isContextual(keyword: Keyword): boolean {
  return contextual.has(keyword)
}

/**
 * A name that may be keywords and names without the blanks between them, spaced out: `非 黑名单` for `非黑名单`.
 * For hints about names that nobody knows; `undefined` when no Chinese keyword is in it.
 */
export function spacedOut(name: string): string | undefined {
  if (name.length > longestSpacedOut) return undefined
  const parts = gluedPrefix.exec(name) ?? gluedInfix.exec(name)
  return parts === null ? undefined : parts.slice(1).join(' ')
}

const longestSpacedOut = 200
const gluedPrefix = new RegExp(`^(${alternatives(['not', 'audience', 'atLeast'])})(.+)$`, 'su')
const gluedInfix = new RegExp(`^(.+?)(${alternatives(['minus', 'xor', 'and', 'or'])})(.+)$`, 'su')

function alternatives(phrases: readonly Phrase[]): string {
  return phrases.map((phrase) => vocabulary[phrase].zh).join('|')
}
