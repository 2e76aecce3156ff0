/** Bought in an earlier time and not since. */
export const lapsedBuyers = {
  name: 'lapsed buyers',
  title: {
    en: 'Lapsed buyers',
    zh: '流失客户',
  },
  description: {
    en: 'Bought in an earlier time and not since.',
    zh: '此前购买过、近期没有再购买的人。',
  },
  parameters: {
    active: {
      type: 'integer',
      title: {
        en: 'Days of the earlier time',
        zh: '活跃期天数',
      },
      default: 180,
      min: 1,
    },
    silent: {
      type: 'integer',
      title: {
        en: 'Days since then',
        zh: '沉默天数',
      },
      default: 90,
      min: 1,
    },
    purchase: {
      type: 'event',
      title: {
        en: 'The event of buying',
        zh: '购买事件',
      },
      default: 'purchase',
    },
  },
  rule: 'stopped $purchase in last $active days ending $silent days ago but not in last $silent days including today',
  example: {
    active: 365,
    silent: 60,
  },
} as const
