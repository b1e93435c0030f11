import { eventsSubgraph } from '@wenshu/events/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let events: TestSubgraph;
beforeAll(async () => {
  events = await startSubgraph('events', eventsSubgraph);
});
afterAll(() => events[Symbol.asyncDispose]());

const none = { nodes: [] };

describe('an event', () => {
  it('is found by its id, with hosts, exact attendance and the document that it comes from', async () => {
    expect(
      await events.ask(`{
        event(id: "evt-script-forum-1") {
          nameZh nameEn aliases kind status startDate endDate periodZh year frequency
          region { code nameZh } venue { id }
          hosts { role host { __typename ... on Agency { id } } }
          attendance { value unit unitZh approx }
          citations { quote isSidebar source { id date } } synthetic version
        }
      }`),
    ).toEqual({
      data: {
        event: {
          nameZh: '首届中国剧本推优与版权保护论坛',
          nameEn: '1st China Script Recommendation & Copyright Protection Forum',
          aliases: [],
          kind: 'FORUM',
          status: 'HELD',
          startDate: null,
          endDate: null,
          periodZh: '2018年',
          year: 2018,
          frequency: null,
          region: { code: '110116', nameZh: '怀柔区' },
          venue: null,
          hosts: [{ role: 'CO_HOST', host: { __typename: 'Agency', id: 'org-hr-culture-centre' } }],
          attendance: { value: '360', unit: 'persons', unitZh: '人', approx: 'OVER' },
          citations: [
            {
              quote: '联办首届中国剧本推优与版权保护论坛,有360多位',
              isSidebar: false,
              source: { id: 'src-000', date: '2019-02-25' },
            },
          ],
          synthetic: false,
          version: 1,
        },
      },
    });
  });

  it('is null where there is none of that id, and so is a work', async () => {
    expect(await events.ask('{ event(id: "evt-none") { nameZh } work(id: "evt-bjiff") { nameZh } }')).toEqual(
      { data: { event: null, work: null } },
    );
  });

  it('knows who staged it, where, and the work that was shown', async () => {
    expect(
      await events.ask(`{
        event(id: "evt-guojia-20211018") {
          startDate year venue { id }
          hosts { role host { __typename ... on Enterprise { id } } }
          participants { role participant { __typename ... on Work { nameZh kind } } }
        }
      }`),
    ).toEqual({
      data: {
        event: {
          startDate: '2021-10-18',
          year: 2021,
          venue: { id: 'park-chengyang-grand-theatre' },
          hosts: [
            { role: 'PRODUCER', host: { __typename: 'Enterprise', id: 'ent-qd-performing-arts' } },
            { role: 'CREATOR', host: { __typename: 'Enterprise', id: 'ent-qd-song-dance-theatre' } },
          ],
          participants: [
            { role: 'PARTICIPANT', participant: { __typename: 'Work', nameZh: '《国·家》', kind: 'OPERA' } },
          ],
        },
      },
    });
  });

  it('names as its partner the enterprise whose own record says so', async () => {
    expect(
      await events.ask(`{
        event(id: "evt-intl-friends") { participants { role participant { ... on Enterprise { id } } } }
      }`),
    ).toEqual({
      data: { event: { participants: [{ role: 'PARTNER', participant: { id: 'ent-cits-beijing' } }] } },
    });
  });

  it('knows the policy that it concerns, and the measure where it implements one', async () => {
    expect(
      await events.ask(`{
        salon: event(id: "evt-wh-salon") { status frequency policies { role policy { id } measure { id } } }
        sweep: event(id: "evt-qd-joint-enforcement-2021") { policies { role policy { id } measure { id } } }
      }`),
    ).toEqual({
      data: {
        salon: {
          status: 'SCHEDULED',
          frequency: 'IRREGULAR',
          policies: [
            {
              role: 'IMPLEMENTS',
              policy: { id: 'pol-wh-express' },
              measure: { id: 'pol-wh-express-m06' },
            },
          ],
        },
        sweep: {
          policies: [
            { role: 'ENFORCES', policy: { id: 'pol-qd-tourism-rectification-2021' }, measure: null },
          ],
        },
      },
    });
  });

  it('keeps its whole and its parts, and stays apart from a record that may be of the same event', async () => {
    expect(
      await events.ask(`{
        part: event(id: "evt-bjiff-carnival-2018") {
          partOf { nameZh parts { totalCount nodes { id } } partOf { id } }
          subjects { role subject { __typename ... on Agency { id } } }
          media: subjects(role: MEDIA) { subject { ... on Agency { id } } }
          platforms: subjects(role: PLATFORM) { role }
        }
        twin: event(id: "evt-embrace-ocean") { possiblySameAs { nameZh possiblySameAs { id } } }
      }`),
    ).toEqual({
      data: {
        part: {
          partOf: {
            nameZh: '北京国际电影节',
            parts: { totalCount: 1, nodes: [{ id: 'evt-bjiff-carnival-2018' }] },
            partOf: null,
          },
          subjects: [
            { role: 'MEDIA', subject: { __typename: 'Agency', id: 'org-cctv' } },
            { role: 'MEDIA', subject: { __typename: 'Agency', id: 'org-btv' } },
          ],
          media: [{ subject: { id: 'org-cctv' } }, { subject: { id: 'org-btv' } }],
          platforms: null,
        },
        twin: {
          possiblySameAs: [
            { nameZh: '海洋研学旅游创新发展大会', possiblySameAs: [{ id: 'evt-embrace-ocean' }] },
          ],
        },
      },
    });
  });

  it('says nothing of what no source says', async () => {
    expect(
      await events.ask(`{
        event(id: "evt-tell-china-story") {
          startDate endDate periodZh year frequency region { code } venue { id } hosts { role }
          attendance { value } participants { role } policies { role } partOf { id } possiblySameAs { id } notes
        }
      }`),
    ).toEqual({
      data: {
        event: {
          startDate: null,
          endDate: null,
          periodZh: null,
          year: null,
          frequency: null,
          region: null,
          venue: null,
          hosts: null,
          attendance: null,
          participants: null,
          policies: null,
          partOf: null,
          possiblySameAs: [],
          notes: null,
        },
      },
    });
  });
});

describe('a work', () => {
  it('knows its makers, each in the role that the enterprise states, and the events it was shown at', async () => {
    expect(
      await events.ask(`{
        work(id: "work-guojia") {
          nameZh nameEn kind region { code } honours { titleZh year level } supportPolicy { id }
          makers { role maker { __typename ... on Enterprise { id } } }
          events(orderBy: [{ field: START_DATE }]) { totalCount nodes { id } }
        }
        bulletin: work(id: "work-reform-bulletin") { makers { role maker { __typename ... on Agency { id } } } }
      }`),
    ).toEqual({
      data: {
        work: {
          nameZh: '《国·家》',
          nameEn: 'Nation · Family',
          kind: 'OPERA',
          region: null,
          honours: [{ titleZh: '中国民族歌剧传承发展工程重点扶持剧目', year: null, level: null }],
          supportPolicy: null,
          makers: [
            { role: 'PRODUCER', maker: { __typename: 'Enterprise', id: 'ent-qd-performing-arts' } },
            { role: 'CREATOR', maker: { __typename: 'Enterprise', id: 'ent-qd-song-dance-theatre' } },
          ],
          events: {
            totalCount: 2,
            nodes: [{ id: 'evt-guojia-20211018' }, { id: 'evt-china-opera-festival-4' }],
          },
        },
        bulletin: {
          makers: [{ role: 'MAKER', maker: { __typename: 'Agency', id: 'org-sd-party-committee' } }],
        },
      },
    });
  });

  it('is listed by kind, maker and the policy that supported it', async () => {
    expect(
      await events.ask(`{
        all: works { totalCount }
        films: works(filter: { kind: { in: [FILM, ANIMATED_FILM] } }, orderBy: [{ field: NAME }]) { nodes { nameZh } }
        supported: works(filter: { supportPolicyId: { eq: "pol-qd-film-subsidy" } }) { nodes { id } }
        made: works(filter: { makerId: { eq: "ent-qd-performing-arts" } }) { nodes { id } }
        byNobody: works(filter: { makerId: { isNull: true } }) { totalCount }
        named: works(filter: { nameZh: { contains: "地球" } }) { nodes { nameEn } }
      }`),
    ).toEqual({
      data: {
        all: { totalCount: 9 },
        films: {
          nodes: [
            { nameZh: '《疯狂外星人》' },
            { nameZh: '《勾云之星-三星堆》' },
            { nameZh: '《流浪地球》' },
          ],
        },
        supported: { nodes: [{ id: 'work-crazy-alien' }, { id: 'work-wandering-earth' }] },
        made: { nodes: [{ id: 'work-guojia' }] },
        byNobody: { totalCount: 7 },
        named: { nodes: [{ nameEn: 'The Wandering Earth' }] },
      },
    });
  });
});

describe('a list of events', () => {
  it('is filtered by region and year, and sorted by date with the undated last', async () => {
    expect(
      await events.ask(`{
        events(
          first: 4
          filter: { region: { within: "370000" }, year: { gte: 2021, lte: 2021 } }
          orderBy: [{ field: START_DATE, direction: DESC }, { field: NAME }]
        ) { totalCount nodes { nameZh startDate } pageInfo { hasNextPage hasPreviousPage } }
      }`),
    ).toEqual({
      data: {
        events: {
          totalCount: 8,
          nodes: [
            { nameZh: '民族歌剧《国·家》上演', startDate: '2021-10-18' },
            { nameZh: '全国文明城市总结表彰暨争创全国文明典范城市动员部署会', startDate: '2021-04-01' },
            { nameZh: '旅游联合执法(2021年以来113次)', startDate: '2021-01-01' },
            { nameZh: '“送政策上门精准对接”(政策宣讲16场次)', startDate: null },
          ],
          pageInfo: { hasNextPage: true, hasPreviousPage: false },
        },
      },
    });
  });

  it('is filtered by what each event has, and by what its source leaves out', async () => {
    expect(
      await events.ask(`{
        planned: events(filter: { status: { in: [SCHEDULED, SUPPORTED] }, frequency: { isNull: true } }) { nodes { id } }
        regular: events(filter: { frequency: { in: [MONTHLY, YEARLY_1_2] } }) { nodes { id } }
        partyDays: events(filter: { kind: { eq: THEME_PARTY_DAY } }) { totalCount }
        since: events(filter: { startDate: { gte: "2021-04-01" } }) { nodes { id } }
        venue: events(filter: { venueId: { isNull: false } }) { totalCount }
        undated: events(filter: { year: { isNull: true } }) { totalCount }
        nowhere: events(filter: { region: { isNull: true } }) { nodes { id } }
        fragment: events(filter: { nameZh: { contains: "影视" } }) { totalCount }
      }`),
    ).toEqual({
      data: {
        planned: { nodes: [{ id: 'evt-wh-brand-contest' }] },
        regular: { nodes: [{ id: 'evt-ls-innovation-showcase' }, { id: 'evt-wh-monthly-meeting' }] },
        partyDays: { totalCount: 4 },
        since: { nodes: [{ id: 'evt-guojia-20211018' }, { id: 'evt-qd-mobilisation-20210401' }] },
        venue: { totalCount: 3 },
        undated: { totalCount: 41 },
        nowhere: { nodes: [{ id: 'evt-china-opera-festival-4' }, { id: 'evt-tell-china-story' }] },
        fragment: { totalCount: 3 },
      },
    });
  });

  it('is filtered by who held it, who took part and which policy it concerns', async () => {
    expect(
      await events.ask(`{
        all: events { totalCount }
        any: events(filter: { hostId: {} }) { totalCount }
        hosted: events(filter: { hostId: { isNull: false } }) { totalCount }
        hostless: events(filter: { hostId: { isNull: true } }) { totalCount }
        byCentre: events(filter: { hostId: { eq: "org-hr-culture-centre" } }) { totalCount }
        notByCentre: events(filter: { not: { hostId: { eq: "org-hr-culture-centre" } } }) { totalCount }
        byNoneOfNone: events(filter: { hostId: { in: [] } }) { totalCount }
        withOpera: events(filter: { participantId: { eq: "work-guojia" } }) { nodes { id } }
        rectification: events(filter: { policyId: { eq: "pol-qd-tourism-rectification-2021" } }) { nodes { id } }
      }`),
    ).toEqual({
      data: {
        all: { totalCount: 67 },
        any: { totalCount: 67 },
        hosted: { totalCount: 45 },
        hostless: { totalCount: 22 },
        byCentre: { totalCount: 10 },
        notByCentre: { totalCount: 57 },
        byNoneOfNone: { totalCount: 0 },
        withOpera: { nodes: [{ id: 'evt-china-opera-festival-4' }, { id: 'evt-guojia-20211018' }] },
        rectification: { nodes: [{ id: 'evt-qd-agency-talks' }, { id: 'evt-qd-joint-enforcement-2021' }] },
      },
    });
  });

  it.each([
    ['forward', 'first: 5, after: $cursor', 'endCursor', 'hasNextPage'],
    ['backward', 'last: 5, before: $cursor', 'startCursor', 'hasPreviousPage'],
  ])('shows every row once, paging %s through an order with nulls', async (_way, args, cursor, more) => {
    const order = 'orderBy: [{ field: START_DATE, direction: DESC }, { field: NAME }]';
    const page = `query ($cursor: String) {
      events(${args}, ${order}) { nodes { id } pageInfo { ${cursor} ${more} } }
    }`;
    type Answer = {
      data: { events: { nodes: { id: string }[]; pageInfo: Record<string, string | boolean> } };
    };
    const whole = (await events.ask(
      `{ events(first: 500, ${order}) { nodes { id } pageInfo { hasNextPage } } }`,
    )) as Answer;
    const seen: string[] = [];
    let at: unknown = null;
    do {
      const { nodes, pageInfo } = ((await events.ask(page, { cursor: at })) as Answer).data.events;
      if (more === 'hasNextPage') seen.push(...nodes.map(({ id }) => id));
      else seen.unshift(...nodes.map(({ id }) => id));
      at = pageInfo[more] ? pageInfo[cursor] : null;
    } while (at);
    expect(seen).toEqual(whole.data.events.nodes.map(({ id }) => id));
    expect(seen).toHaveLength(67);
  });

  it('takes a fixed number of statements, however many rows', async () => {
    await events.ask(`{
      events(first: 100) {
        nodes {
          nameZh region { nameZh } venue { id } hosts { role host { __typename } }
          participants { participant { __typename ... on Work { nameZh } } }
          policies { role measure { id } } partOf { nameZh } parts { nodes { nameZh } } possiblySameAs { nameZh }
          subjects { role subject { __typename } } indicators { totalCount nodes { value } }
        }
      }
    }`);
    // The list, its regions, hosts, participants and their works, policies, wholes, parts,
    // likenesses and their events, subjects, indicators and their count.
    expect(events.statements).toHaveLength(13);
  });
});

describe('bad input', () => {
  it.each([
    ['first: -1', 'first', '"first" must be from 0 to 500, not -1.'],
    [
      'after: "gibberish"',
      'after',
      '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    ],
    [
      'filter: { year: { gt: 2021, lt: 2020 } }',
      'filter.year',
      'The bounds of filter.year exclude each other: nothing is above 2021 and below 2020.',
    ],
    [
      'filter: { or: [{ hostId: { isNull: true, eq: "org-qd-gov" } }] }',
      'filter.or.0.hostId',
      'filter.or.0.hostId asks for null and for a value at once.',
    ],
  ])('refuses (%s) at its path, and answers the rest', async (args, argument, message) => {
    expect(await events.ask(`{ bad: events(${args}) { totalCount } fine: works { totalCount } }`)).toEqual({
      errors: [
        expect.objectContaining({ path: ['bad'], message, extensions: { code: 'BAD_USER_INPUT', argument } }),
      ],
      data: { bad: null, fine: { totalCount: 9 } },
    });
  });

  it('refuses a date that is not in the calendar', async () => {
    expect(
      await events.ask('{ events(filter: { startDate: { eq: "2021-02-30" } }) { totalCount } }'),
    ).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});

describe('what other agencies read by key', () => {
  const entities = (query: string, type: string, ...ids: string[]) =>
    events.ask(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on ${type} { ${query} } }
      }`,
      {
        representations: ids.map((id) =>
          type === 'Region' ? { __typename: type, code: id } : { __typename: type, id },
        ),
      },
    );

  it('counts the events of many regions, rolled up by their parents, in one statement', async () => {
    expect(await entities('eventCount', 'Region', '370000', '370200', '110116', '420000')).toEqual({
      data: {
        _entities: [{ eventCount: 39 }, { eventCount: 39 }, { eventCount: 16 }, { eventCount: 5 }],
      },
    });
    expect(events.statements).toHaveLength(1);
  });

  it('lists the events of a region with or without what is below it, and their figures', async () => {
    expect(
      await entities(
        `own: events(includeSubregions: false) { totalCount } events(first: 1) { totalCount nodes { id } }
         eventIndicators(first: 1, filter: { metric: { eq: "INSPECTED" } }) { nodes { value valueAsPrinted subject { ... on Event { nameZh } } } }`,
        'Region',
        '370200',
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            own: { totalCount: 19 },
            events: { totalCount: 39, nodes: [{ id: 'evt-central-model-city-seminar' }] },
            eventIndicators: {
              nodes: [
                {
                  value: '384',
                  valueAsPrinted: '384家次',
                  subject: { nameZh: '旅游联合执法(2021年以来113次)' },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('lists for enterprises the events that they held or took part in, and the works that they made', async () => {
    expect(
      await entities(
        'events { nodes { id } } held: events(role: HOSTED) { nodes { id } } joined: events(role: TOOK_PART) { nodes { id } } works { nodes { id } }',
        'Enterprise',
        'ent-qd-performing-arts',
        'ent-cits-beijing',
        'ent-bluefocus',
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            events: { nodes: [{ id: 'evt-guojia-20211018' }] },
            held: { nodes: [{ id: 'evt-guojia-20211018' }] },
            joined: none,
            works: { nodes: [{ id: 'work-guojia' }] },
          },
          {
            events: { nodes: [{ id: 'evt-intl-friends' }] },
            held: none,
            joined: { nodes: [{ id: 'evt-intl-friends' }] },
            works: none,
          },
          { events: none, held: none, joined: none, works: none },
        ],
      },
    });
    expect(events.statements).toHaveLength(4);
  });

  it('lists an event once for an enterprise that both holds it and takes part in it', async () => {
    await using database = await createDatabase();
    await ask(
      database.urls.events,
      `insert into events.event_participants (event_id, seq, role, target_type, target_id)
       values ('evt-guojia-20211018', 9, 'PARTICIPANT', 'Enterprise', 'ent-qd-performing-arts'),
              ('evt-guojia-20211018', 10, 'PARTNER', 'Enterprise', 'ent-qd-performing-arts')`,
    );
    const subgraph = eventsSubgraph({ url: database.urls.events });
    const answer = await subgraph.execute({
      query: `{
        _entities(representations: [{ __typename: "Enterprise", id: "ent-qd-performing-arts" }]) {
          ... on Enterprise { events { totalCount nodes { id } } }
        }
      }`,
    });
    await subgraph.close();
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      data: { _entities: [{ events: { totalCount: 1, nodes: [{ id: 'evt-guojia-20211018' }] } }] },
    });
  });

  it('lists for parks, agencies and party units the events that they house or hold', async () => {
    const of = (type: string, id: string) =>
      entities('events(first: 1) { totalCount nodes { id } }', type, id);
    expect(await of('Park', 'park-marriage-halls')).toEqual({
      data: { _entities: [{ events: { totalCount: 1, nodes: [{ id: 'evt-qd-group-weddings' }] } }] },
    });
    expect(await of('Agency', 'org-qd-gov')).toEqual({
      data: { _entities: [{ events: { totalCount: 1, nodes: [{ id: 'evt-qd-mobilisation-20210401' }] } }] },
    });
    expect(await of('PartyUnit', 'pty-hr-centre-branch')).toEqual({
      data: { _entities: [{ events: { totalCount: 4, nodes: [{ id: 'evt-theme-day-facts-practice' }] } }] },
    });
  });

  it('lists for policies the events that concern them and the works that they supported', async () => {
    expect(
      await entities(
        'events { nodes { id } } works { nodes { nameZh } }',
        'Policy',
        'pol-wh-express',
        'pol-qd-film-subsidy',
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            events: {
              nodes: [
                { id: 'evt-wh-brand-contest' },
                { id: 'evt-wh-financing' },
                { id: 'evt-wh-monthly-meeting' },
                { id: 'evt-wh-salon' },
                { id: 'evt-wh-star-list' },
              ],
            },
            works: none,
          },
          { events: none, works: { nodes: [{ nameZh: '《疯狂外星人》' }, { nameZh: '《流浪地球》' }] } },
        ],
      },
    });
    expect(events.statements).toHaveLength(2);
  });

  it('answers for its own events and works, and null for an id that is not there', async () => {
    expect(await entities('nameZh', 'Event', 'evt-bjiff', 'evt-none')).toEqual({
      data: { _entities: [{ nameZh: '北京国际电影节' }, null] },
    });
    expect(await entities('nameZh', 'Work', 'work-guojia', 'work-none')).toEqual({
      data: { _entities: [{ nameZh: '《国·家》' }, null] },
    });
  });
});

describe('figures of events', () => {
  it('keep two fairs of one sentence apart, each figure with its scope', async () => {
    expect(
      await events.ask(`{
        eventIndicators(filter: { metric: { in: ["ATTENDEES"] }, subjectId: { eq: "evt-bj-tv-fair-spring-2018" } }) {
          totalCount nodes { value unit approx valueAsPrinted kind alsoAbout { ... on Event { nameZh } } subject { ... on Event { nameZh attendance { value } } } }
        }
        all: eventIndicators { totalCount }
      }`),
    ).toEqual({
      data: {
        eventIndicators: {
          totalCount: 1,
          nodes: [
            {
              value: '4000',
              unit: 'persons',
              approx: 'OVER',
              valueAsPrinted: expect.stringContaining('4000'),
              kind: 'ACTUAL',
              alsoAbout: { nameZh: '秋季北京电视节目交易会(2018)' },
              subject: { nameZh: '春季北京电视节目交易会(2018)', attendance: null },
            },
          ],
        },
        all: { totalCount: 37 },
      },
    });
  });
});
