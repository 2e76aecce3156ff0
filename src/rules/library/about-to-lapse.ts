/** Bought several times, the last time so long ago that the next purchase is due. */
export const aboutToLapse = {
  name: 'about to lapse',
  title: {
    en: 'About to lapse',
    zh: '即将流失',
  },
  description: {
    en: 'Bought several times, the last time so long ago that the next purchase is due.',
    zh: '多次购买、距上次购买已接近流失期限的人。',
  },
  parameters: {
    fromDays: {
      type: 'integer',
      title: {
        en: 'Fewest days since the last purchase',
        zh: '距上次购买最少天数',
      },
      default: 45,
      min: 0,
    },
    toDays: {
      type: 'integer',
      title: {
        en: 'Most days since the last purchase',
        zh: '距上次购买最多天数',
      },
      default: 90,
      min: 0,
    },
    times: {
      type: 'integer',
      title: {
        en: 'Least purchases before',
        zh: '最少购买次数',
      },
      default: 2,
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
  rule: 'days since last $purchase between $fromDays and $toDays and did $purchase at least $times times',
  example: {
    fromDays: 30,
    toDays: 60,
  },
} as const
