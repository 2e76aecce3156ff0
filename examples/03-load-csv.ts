/**
 * Two files as they come out of other systems: members with their attributes, some rows of it bad, and memberships, one
 * row for each tag of a person. What fits is applied, what does not is counted, listed, and left out.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CrowdbitError, category, createEngine, csvFile, flag, type IngestReport } from 'crowdbit'

const crowd = createEngine({
  schema: {
    会员: flag(),
    等级: category({ values: ['普通', '银卡', '金卡'] }),
    城市: category(),
    兴趣: category({ many: true }),
  },
})

const folder = await mkdtemp(join(tmpdir(), 'crowdbit-csv-'))
try {
  await writeMembers(join(folder, 'members.csv'), 50_000)
  await writeFile(
    join(folder, 'tags.csv'),
    'tag,user_id\n精致妈妈,m00002\nGen Z,m00003\n精致妈妈,m00004\n精致妈妈,new-one\n',
  )

  console.log('── members.csv\n')
  let told = 0
  const members = await crowd.ingest(csvFile(join(folder, 'members.csv')), {
    id: 'openid',
    columns: {
      is_member: { to: '会员', truthy: ['Y'], falsy: ['N'] },
      level: '等级',
      城市: '城市',
      likes: { to: '兴趣', separator: ';' },
    },
    progressEvery: 0,
    onProgress: ({ rows, rowsPerSecond, milliseconds }) => {
      for (; told + 10_000 <= rows; told += 10_000) {
        const speed = `${Math.round(rowsPerSecond).toLocaleString('en-US')} rows/s`
        console.log(`${(told + 10_000).toLocaleString('en-US')} rows read, ${speed}, ${Math.round(milliseconds)} ms`)
      }
    },
  })
  printReport(members)

  console.log('\n── tags.csv, with flags that are made as they come\n')
  printReport(await crowd.ingest(csvFile(join(folder, 'tags.csv')), { id: 'user_id', tag: 'tag', createTags: true }))

  console.log('\n── And then\n')
  for (const rule of [
    '会员 and 等级 = "金卡"',
    '兴趣 has all ("奶粉", "童装") minus 城市 = "上海"',
    '精致妈妈',
    '等级 is not set',
  ]) {
    console.log(`${crowd.count(rule).toLocaleString('en-US').padStart(6)}  ${rule}`)
  }
  console.log(crowd.get('m00002'))

  console.log('\n── A column that the file does not have: refused before any row is applied\n')
  const wrong = crowd.ingest(csvFile(join(folder, 'members.csv')), { id: 'openid', columns: { lvel: '等级' } })
  console.log(await wrong.catch((error: unknown) => (error instanceof CrowdbitError ? error.message : error)))
} finally {
  await rm(folder, { recursive: true, force: true })
}

function printReport(report: IngestReport): void {
  const { rows, applied, rejected, people, created, createdTags, ignored, rejects } = report
  console.log(`rows ${rows}, applied ${applied}, rejected ${rejected}, people ${people}, of them new ${created}`)
  if (createdTags.length > 0) console.log(`new tags: ${createdTags.join(', ')}`)
  if (ignored.length > 0) console.log(`columns that nothing was made of: ${ignored.join(', ')}`)
  for (const { line, column, code, reason } of rejects) {
    console.log(`line ${line}${column === null ? '' : `, ${column}`}: ${code}\n  ${reason}`)
  }
}

/** Writes members, of whom a few rows are as bad as rows get. */
async function writeMembers(file: string, count: number): Promise<void> {
  const lines = ['openid,is_member,level,城市,likes,phone']
  for (let member = 0; member < count; member++) {
    const id = `m${String(member).padStart(5, '0')}`
    const level = member % 3 === 0 ? '' : (['普通', '银卡', '金卡'] as const)[(member % 7) % 3]
    const likes = ['奶粉', '童装', '咖啡', '游戏'].filter((_, like) => member % (like + 2) === 0).join(';')
    lines.push(
      `${id},${member % 2 === 0 ? 'Y' : 'N'},${level},${['上海', '"杭州"', '成都'][(member % 5) % 3]},${likes},139****`,
    )
  }
  lines[10] = 'm00009,Y,钻石,上海,奶粉,139****' //      a level that the schema doesn't list
  lines[2_000] = ',Y,金卡,上海,奶粉,139****' //        nobody
  lines[30_000] = 'm29999,maybe,金卡,上海,,139****' // neither Y nor N
  lines[30_001] = 'm30000,Y,金卡,上海,奶粉,游戏,139****' // a cell too many
  lines[49_000] = 'm48999,Y,金卡,"上"海,,139****' //   a quote in the middle
  await writeFile(file, `${lines.join('\r\n')}\r\n`)
}
