import { agencies } from '@wenshu/policies/tables.ts';
import { type City, ids, places } from './city.ts';
import { recordColumns } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

const departments = [
  { department: 'PROPAGANDA', kind: 'PARTY_DEPARTMENT', zh: '宣传部', en: 'Propaganda Department' },
  { department: 'CULTURE_TOURISM', kind: 'GOVERNMENT', zh: '文化和旅游局', en: 'Culture and Tourism Bureau' },
  { department: 'MARKET_REGULATION', kind: 'GOVERNMENT', zh: '市场监管局', en: 'Market Regulation Bureau' },
  { department: 'RADIO_TELEVISION', kind: 'GOVERNMENT', zh: '广播电视局', en: 'Radio and Television Bureau' },
  { department: 'GOVERNMENT', kind: 'GOVERNMENT', zh: '人民政府', en: "People's Government" },
  {
    department: 'CULTURE_PROMOTION',
    kind: 'PUBLIC_INSTITUTION',
    zh: '文促中心',
    en: 'Culture Promotion Centre',
  },
  { department: 'SCIENCE', kind: 'GOVERNMENT', zh: '科技局', en: 'Science Bureau' },
  { department: 'TAXATION', kind: 'GOVERNMENT', zh: '税务局', en: 'Tax Bureau' },
  { department: 'CYBERSPACE', kind: 'PARTY_DEPARTMENT', zh: '网信办', en: 'Cyberspace Affairs Office' },
] as const;

export type AgencyDepartment = (typeof departments)[number]['department'];

/** Returns the id of a region's synthetic agency. Synthetic records never name real agencies. */
export function agencyOf(regionCode: string, department: AgencyDepartment): string {
  const region = places.findIndex(({ code }) => code === regionCode);
  const nth = departments.findIndex((each) => each.department === department);
  return ids.agency(region * departments.length + nth);
}

/** Every place has one agency of each department. */
export const agencyTables = (city: City): GeneratedTable[] => [
  generated(agencies, places.length, (region) => {
    const place = places[region];
    if (!place) return [];
    return departments.map(({ department, kind, zh, en }) => {
      const id = agencyOf(place.code, department);
      return {
        ...recordColumns(id, { zh: `${place.zh}${zh}`, en: `${place.en} ${en}` }, city.random(id, region)),
        kind,
        department,
        parentId: department === 'GOVERNMENT' ? null : agencyOf(place.code, 'GOVERNMENT'),
        regionCode: place.code,
        parkId: null,
        services: [],
      };
    });
  }),
];
