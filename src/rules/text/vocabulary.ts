/**
 * The words of the rule language: one table for the lexer, the printer and docs/rules.md. English words are recognised in
 * any case, Chinese words as whole words.
 */

/** A language that rules are printed in. Both are read, also mixed. */
export type RuleLanguage = 'en' | 'zh'

/** A phrase of the language: an operator, or another word that is part of one. */
export type Phrase =
  // Logic, flags, categories, audiences
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
  // Numbers, times
  | 'between'
  | 'from'
  | 'to'
  | 'inLast'
  | 'including'
  | 'ending'
  | 'ago'
  | 'starting'
  | 'today'
  | 'thisWeek'
  | 'thisMonth'
  | 'ever'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'weeks'
  | 'months'
  | 'monday'
  | 'tuesday'
  | 'wednesday'
  | 'thursday'
  | 'friday'
  | 'saturday'
  | 'sunday'
  // Events
  | 'did'
  | 'didNot'
  | 'atMost'
  | 'exactly'
  | 'notExactly'
  | 'moreThan'
  | 'fewerThan'
  | 'times'
  | 'count'
  | 'distinct'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'whose'
  | 'dayCount'
  | 'less'
  | 'daysSinceLast'
  | 'first'
  | 'last'
  | 'where'
  | 'next'
  | 'within'
  | 'without'
  | 'same'
  | 'allowing'
  | 'sameTime'
  | 'stopped'
  | 'resumed'
  | 'new'
  | 'regular'
  | 'butNot'
  | 'again'
  | 'ofThem'

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
  between: { en: 'between', zh: '介于' },
  from: { en: 'from', zh: '从' },
  to: { en: 'to', zh: '到' },
  inLast: { en: 'in last', zh: '最近' },
  including: { en: 'including', zh: '包括' },
  ending: { en: 'ending', zh: '截至' },
  ago: { en: 'ago', zh: '前' },
  starting: { en: 'starting', zh: '始于' },
  today: { en: 'today', zh: '今天' },
  thisWeek: { en: 'this week', zh: '本周' },
  thisMonth: { en: 'this month', zh: '本月' },
  ever: { en: 'ever', zh: '曾经' },
  seconds: { en: 'seconds', zh: '秒' },
  minutes: { en: 'minutes', zh: '分钟' },
  hours: { en: 'hours', zh: '小时' },
  days: { en: 'days', zh: '天' },
  weeks: { en: 'weeks', zh: '周' },
  months: { en: 'months', zh: '个月' },
  monday: { en: 'monday', zh: '周一' },
  tuesday: { en: 'tuesday', zh: '周二' },
  wednesday: { en: 'wednesday', zh: '周三' },
  thursday: { en: 'thursday', zh: '周四' },
  friday: { en: 'friday', zh: '周五' },
  saturday: { en: 'saturday', zh: '周六' },
  sunday: { en: 'sunday', zh: '周日' },
  did: { en: 'did', zh: '做过' },
  didNot: { en: 'did not', zh: '未做过' },
  atMost: { en: 'at most', zh: '至多' },
  exactly: { en: 'exactly', zh: '正好' },
  notExactly: { en: 'not exactly', zh: '不等于' },
  moreThan: { en: 'more than', zh: '多于' },
  fewerThan: { en: 'fewer than', zh: '少于' },
  times: { en: 'times', zh: '次' },
  count: { en: 'count', zh: '次数' },
  distinct: { en: 'distinct', zh: '去重' },
  sum: { en: 'sum', zh: '总和' },
  avg: { en: 'avg', zh: '平均' },
  min: { en: 'min', zh: '最小' },
  max: { en: 'max', zh: '最大' },
  whose: { en: 'of', zh: '的' },
  dayCount: { en: 'days', zh: '天数' },
  less: { en: 'minus', zh: '减去' },
  daysSinceLast: { en: 'days since last', zh: '距上次' },
  first: { en: 'first', zh: '首次' },
  last: { en: 'last', zh: '最近一次' },
  where: { en: 'where', zh: '其中' },
  next: { en: 'then', zh: '随后' },
  within: { en: 'within', zh: '以内' },
  without: { en: 'without', zh: '期间无' },
  same: { en: 'same', zh: '同一' },
  allowing: { en: 'allowing', zh: '允许' },
  sameTime: { en: 'same time', zh: '同时' },
  stopped: { en: 'stopped', zh: '停止' },
  resumed: { en: 'resumed', zh: '恢复' },
  new: { en: 'new', zh: '新增' },
  regular: { en: 'regular', zh: '规律' },
  butNot: { en: 'but not', zh: '但不在' },
  again: { en: 'again', zh: '又在' },
  ofThem: { en: 'of', zh: '中' },
}

/** How each test of a count is said: `at least 3 times`. */
export const timesPhrases = {
  eq: 'exactly',
  ne: 'notExactly',
  lt: 'fewerThan',
  lte: 'atMost',
  gt: 'moreThan',
  gte: 'atLeast',
  between: 'between',
} as const

/** Words of English phrases that are no phrases themselves. */
export const phraseWords = [
  'has',
  'any',
  'all',
  'none',
  'starts',
  'with',
  'is',
  'set',
  'at',
  'least',
  'most',
  'more',
  'fewer',
  'than',
  'this',
  'since',
  'but',
] as const

/** Other ways to say a phrase, or the word of one: read, never printed. */
export const otherWords: Readonly<Record<string, Phrase | (typeof phraseWords)[number]>> = {
  second: 'seconds',
  minute: 'minutes',
  hour: 'hours',
  day: 'days',
  week: 'weeks',
  month: 'months',
  月: 'months',
  time: 'times',
  less: 'fewer',
  最多: 'atMost',
  恰好: 'exactly',
  超过: 'moreThan',
  周天: 'sunday',
}
