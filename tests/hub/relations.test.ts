import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { unlimited } from '../support/unlimited.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ admission: { queryLimits: unlimited } });
});
afterAll(() => hub[Symbol.asyncDispose]());

const names = (...nameZh: string[]) => ({ nodes: nameZh.map((name) => ({ nameZh: name })) });

it('an enterprise knows its party unit, the policies that name it, its projects and its events', async () => {
  expect(
    await hub.ask(`{
      gaea: enterprise(id: "ent-gaea") { partyUnit { nameZh } policies { nodes { nameZh } } }
      bona: enterprise(id: "ent-bona-film") { projects { nodes { nameZh } } }
      goertek: enterprise(id: "ent-goertek") { events { nodes { nameZh } } }
      theatre: enterprise(id: "ent-qd-song-dance-theatre") { works { nodes { nameZh } } }
      broadnet: enterprise(id: "ent-china-broadnet") { park { nameZh level } }
    }`),
  ).toEqual({
    data: {
      gaea: { partyUnit: { nameZh: '盖娅互娱党组织' }, policies: names('2023年市级非公企业党组织奖励经费') },
      bona: { projects: names('博纳影业怀柔特效基地项目') },
      goertek: { events: names('“专业化大讲堂”') },
      theatre: { works: names('《国·家》') },
      broadnet: { park: { nameZh: '中国广电·青岛5G高新视频产业园', level: 'NATIONAL' } },
    },
  });
});

it('and each of those knows the enterprise', async () => {
  expect(
    await hub.ask(`{
      partyUnit(id: "pty-gaea") { enterprises { nameZh } }
      policy(id: "pol-bj-nonpublic-party-reward") { subjects { role subject { __typename ... on Enterprise { nameZh } ... on PartyUnit { nameZh } } } }
      project(id: "prj-bona-vfx-base") { owners { role owner { ... on Enterprise { nameZh } } } }
      event(id: "evt-ls-pro-lectures") { participants { role participant { ... on Enterprise { nameZh } } } }
      work(id: "work-guojia") { makers { role maker { ... on Enterprise { nameZh } } } }
      park(id: "park-qd-5g-av") { enterprises { nodes { nameZh } } }
    }`),
  ).toEqual({
    data: {
      partyUnit: { enterprises: [{ nameZh: '盖娅互娱' }] },
      policy: {
        subjects: [
          { role: 'BENEFICIARY', subject: { __typename: 'PartyUnit', nameZh: '盖娅互娱党组织' } },
          { role: 'BENEFICIARY', subject: { __typename: 'Enterprise', nameZh: '盖娅互娱' } },
        ],
      },
      project: { owners: [{ role: 'OWNER', owner: { nameZh: '博纳影业' } }] },
      event: {
        participants: [
          { role: 'PARTICIPANT', participant: { nameZh: '歌尔' } },
          { role: 'PARTICIPANT', participant: { nameZh: '杰华生物' } },
        ],
      },
      work: {
        makers: [
          { role: 'PRODUCER', maker: { nameZh: '青岛演艺集团' } },
          { role: 'CREATOR', maker: { nameZh: '青岛市歌舞剧院' } },
        ],
      },
      park: { enterprises: names('中国广电') },
    },
  });
});

it('a park knows its operator, party unit, coverage, service stations, projects and events', async () => {
  expect(
    await hub.ask(`{
      zone: park(id: "park-nciz") {
        operator { ... on Agency { nameZh } }
        partyUnit { nameZh host { nameZh } }
        partyCoverage { organisation work mode }
        serviceStations { nodes { nameZh } }
      }
      theatre: park(id: "park-chengyang-grand-theatre") { events { nodes { nameZh } } }
      film: park(id: "park-huairou-film-zone") { projects(first: 2) { totalCount } subparks { totalCount } }
    }`),
  ).toEqual({
    data: {
      zone: {
        operator: { nameZh: '国家文创实验区(管理机构)' },
        partyUnit: { nameZh: '文创行业党委', host: { nameZh: '国家文创实验区(管理机构)' } },
        partyCoverage: { organisation: 'UNKNOWN', work: 'UNKNOWN', mode: null },
        serviceStations: names(
          '国家文创实验区云园区企业服务站',
          '实验区“政务服务工作站”',
          '广电政务审批帮办窗口',
        ),
      },
      theatre: { events: names('民族歌剧《国·家》上演') },
      film: { projects: { totalCount: 8 }, subparks: { totalCount: 3 } },
    },
  });
});

it('a policy knows what it rests on, its measures with who carries them out, and the events that serve it', async () => {
  expect(
    await hub.ask(`{
      policy(id: "pol-wh-express") {
        issuedOn region { nameZh } basedOn { docNo }
        measures { titleZh responsible { __typename ... on Agency { nameZh } } }
        events(first: 2) { totalCount nodes { policies { role measure { titleZh } } } }
      }
      policyByDocNo(docNo: "武办文〔2021〕47号") { basisOf { nodes { id } } }
    }`),
  ).toMatchObject({
    data: {
      policy: {
        issuedOn: '2022-10-18',
        region: { nameZh: '武汉市' },
        basedOn: [{ docNo: '武办文〔2021〕19号' }, { docNo: '武办文〔2021〕47号' }],
        measures: [
          { titleZh: '建立工作专班', responsible: [{ __typename: 'Agency' }] },
          ...Array.from({ length: 7 }, () => expect.anything()),
        ],
        events: {
          totalCount: 5,
          nodes: [{ policies: [{ role: 'IMPLEMENTS', measure: { titleZh: '促进资源对接' } }] }, {}],
        },
      },
      policyByDocNo: { basisOf: { nodes: [{ id: 'pol-wh-express' }] } },
    },
  });
});

it('an event knows hosts of several kinds, each from its own agency', async () => {
  expect(
    await hub.ask(`{
      event(id: "evt-cy-roadshows-2024") {
        hosts { role host { __typename ... on PartyUnit { nameZh } ... on Agency { nameZh } } }
      }
    }`),
  ).toEqual({
    data: {
      event: {
        hosts: [
          { role: 'HOST', host: { __typename: 'PartyUnit', nameZh: '文创行业党委' } },
          { role: 'CO_ORGANISER', host: { __typename: 'Agency', nameZh: '文创实验区企业信用促进会' } },
          { role: 'CO_ORGANISER', host: { __typename: 'Agency', nameZh: '朝阳区文化产业基金联盟' } },
        ],
      },
    },
  });
});

it('a region gathers the counts of every agency, rolled up by its parents', async () => {
  expect(
    await hub.ask(`{
      region(code: "370200") {
        enterpriseCount
        children { nameZh enterpriseCount parkCount projectCount policyCount eventCount partyUnitCount }
      }
    }`),
  ).toEqual({
    data: {
      region: {
        enterpriseCount: 35,
        children: [
          {
            nameZh: '崂山区',
            enterpriseCount: 10,
            parkCount: 2,
            projectCount: 0,
            policyCount: 18,
            eventCount: 8,
            partyUnitCount: 1,
          },
          {
            nameZh: '城阳区',
            enterpriseCount: 6,
            parkCount: 7,
            projectCount: 14,
            policyCount: 17,
            eventCount: 12,
            partyUnitCount: 0,
          },
          {
            nameZh: '平度市',
            enterpriseCount: 11,
            parkCount: 3,
            projectCount: 5,
            policyCount: 9,
            eventCount: 0,
            partyUnitCount: 1,
          },
        ],
      },
    },
  });
});

it('an unknown id is null, wherever it is asked for', async () => {
  expect(
    await hub.ask(`{
      enterprise(id: "x") { id } park(id: "x") { id } project(id: "x") { id } policy(id: "x") { id } measure(id: "x") { id }
      agency(id: "x") { id } event(id: "x") { id } work(id: "x") { id } partyUnit(id: "x") { id } partyBrand(id: "x") { id }
      partyMechanism(id: "x") { id } region(code: "x") { code } source(id: "x") { id } policyByDocNo(docNo: "x") { id }
    }`),
  ).toEqual({
    data: {
      enterprise: null,
      park: null,
      project: null,
      policy: null,
      measure: null,
      agency: null,
      event: null,
      work: null,
      partyUnit: null,
      partyBrand: null,
      partyMechanism: null,
      region: null,
      source: null,
      policyByDocNo: null,
    },
  });
});
