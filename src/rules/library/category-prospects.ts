/** In the crowd, active in the category in the last days, and never a customer. */
export const categoryProspects = {
  name: 'category prospects',
  title: {
    en: 'Prospects in a category',
    zh: '类目拉新',
  },
  description: {
    en: 'In the crowd, active in the category in the last days, and never a customer.',
    zh: '目标人群中近期在类目内活跃、从未购买的人。',
  },
  parameters: {
    crowd: {
      type: 'tag',
      title: {
        en: 'The crowd',
        zh: '目标人群',
      },
    },
    value: {
      type: 'text',
      title: {
        en: 'The category',
        zh: '类目',
      },
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days of activity',
        zh: '活跃天数',
      },
      default: 15,
      min: 1,
    },
    browse: {
      type: 'event',
      title: {
        en: 'The event of activity',
        zh: '活跃事件',
      },
      default: 'browse',
    },
    category: {
      type: 'property',
      title: {
        en: 'The category of the event',
        zh: '类目属性',
      },
      default: 'category',
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
  rule: '$crowd and did $browse($category = $value) in last $days days including today minus did $purchase',
  example: {
    crowd: '精致妈妈',
    value: '奶粉',
  },
} as const
