import type { Department } from './caller.ts';
import type { KnownCodes } from './unknown-code.ts';

export type Topic = { readonly code: string; readonly nameZh: string; readonly nameEn: string };

/** What a published figure is about. */
export type Metric = {
  readonly code: string;
  readonly topic: Topic;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Codes of the units in which figures may be given. */
  readonly units: readonly string[];
  /** Null for a ratio. */
  readonly stockOrFlow: 'STOCK' | 'FLOW' | null;
  /** True if figures of subjects that do not overlap may be added. */
  readonly isAdditive: boolean;
  /** The department whose business the figure is; null if it is not one of the hub's departments. */
  readonly owner: Department | null;
};

type Declared = Pick<Metric, 'nameZh' | 'nameEn' | 'units' | 'stockOrFlow' | 'isAdditive'> &
  Partial<Pick<Metric, 'owner'>>;

const declare =
  (stockOrFlow: Metric['stockOrFlow']) =>
  (nameZh: string, nameEn: string, ...units: string[]): Declared => ({
    nameZh,
    nameEn,
    units,
    stockOrFlow,
    isAdditive: stockOrFlow !== null,
  });
const stock = declare('STOCK');
const flow = declare('FLOW');
const ratio = declare(null);
/** A count of things of which one may belong to several subjects: the counts are not added. */
const shared = (metric: Declared): Declared => ({ ...metric, isAdditive: false });
/** A metric of another department than its topic. */
const of = (owner: Department, metric: Declared): Declared => ({ ...metric, owner });

const topic = (
  nameZh: string,
  nameEn: string,
  owner: Department | null,
  metrics: Readonly<Record<string, Declared>>,
) => ({ nameZh, nameEn, owner, metrics });

/** All topics with their metrics. Figures of another metric are not loaded, and a filter that names one is refused. */
const declared = {
  CULTURE_INDUSTRY: topic('文化产业', 'Culture industry', 'PROPAGANDA', {
    ABOVE_SCALE_ENTERPRISES: of(
      'STATISTICS',
      stock('规模以上文化企业', 'Cultural enterprises above scale', 'enterprises'),
    ),
    CLUSTERS: stock('产业集群', 'Clusters of industry', 'clusters'),
    CULTURAL_ENTERPRISES_NEW: flow('新增文化企业', 'New cultural enterprises', 'enterprises'),
    CULTURAL_ENTERPRISES_TOTAL: stock('文化企业总数', 'Cultural enterprises', 'enterprises'),
    CULTURE_INDUSTRY_SCALE: shared(stock('文化产业规模', 'Size of the culture industry', 'CNY')),
    NEW_REGISTRATIONS: flow('新注册企业', 'Newly registered enterprises', 'enterprises'),
    OPERATING_REVENUE: of('STATISTICS', flow('营业收入', 'Operating revenue', 'CNY')),
    REVENUE_SHARE: of('STATISTICS', ratio('收入占比', 'Share of revenue', 'percent')),
    TAX_PAID: of('TAXATION', flow('入库税款', 'Tax paid', 'CNY')),
  }),
  FILM_TV: topic('影视', 'Film and television', 'PROPAGANDA', {
    FILM_CREWS: flow('来摄制的剧组', 'Film crews that came', 'crews'),
    FILM_ENTERPRISES_NEW: flow('新增影视企业', 'New film and television enterprises', 'enterprises'),
    MEMBER_COMPANIES: shared(stock('体系内公司', 'Companies of a group', 'enterprises')),
  }),
  PARK: topic('园区', 'Parks', 'CULTURE_TOURISM', {
    CONTRIBUTION_RATE: ratio('贡献率', 'Contribution to growth', 'percent'),
    COUNTRIES_REGIONS: shared(
      stock('来源国家和地区', 'Countries and regions of origin', 'countries_regions'),
    ),
    FLOOR_AREA: stock('建筑面积', 'Floor area', 'sqm'),
    INDUSTRIAL_OUTPUT_GROWTH: ratio('工业总产值增长', 'Growth of industrial output', 'percent'),
    MUNICIPAL_CULTURE_PARKS: stock('市级文化产业园区', 'Municipal culture parks', 'parks'),
    PARKS_ONLINE: shared(stock('上云园区', 'Parks online', 'parks')),
    PROJECT_SHARE: ratio('项目占比', 'Share of projects', 'percent'),
    SUPPLIERS: shared(stock('供应商', 'Suppliers', 'suppliers')),
    TENANTS: shared(stock('入驻企业', 'Tenants', 'enterprises')),
    TENANT_INVESTMENT: stock('入驻企业投资', 'Investment of tenants', 'CNY'),
    TEN_BILLION_PARKS: stock('百亿园区', 'Ten-billion-yuan parks', 'parks'),
  }),
  PROJECT: topic('项目', 'Projects', 'DEVELOPMENT_REFORM', {
    DISPATCH_MEETINGS: flow('专题调度会', 'Coordination meetings', 'meetings'),
    FAST_PROJECTS: flow('提速项目', 'Projects on the fast track', 'projects'),
    HOUSEHOLDS: stock('涉及户数', 'Households concerned', 'households'),
    HOUSES_DEMOLISHED: flow('拆除房屋', 'Houses demolished', 'houses'),
    INVESTMENT_COMPLETED: flow('完成投资', 'Investment completed', 'CNY'),
    INVESTMENT_PLANNED: stock('计划投资', 'Investment planned', 'CNY'),
    KEY_PROJECTS: shared(stock('重点项目', 'Key projects', 'projects')),
    LEADER_ASSIGNED_PROJECTS: stock('包联领导项目', 'Projects with an assigned leader', 'projects'),
    PROJECTS_COMPLETED: flow('完成项目', 'Projects completed', 'projects'),
    PROJECTS_LANDED: flow('落地项目', 'Projects landed', 'projects'),
    PROJECTS_LANDED_SAME_YEAR: flow(
      '当年签约当年落地项目',
      'Projects signed and landed in one year',
      'projects',
    ),
    PROJECTS_STARTED: shared(flow('开工项目', 'Projects started', 'projects')),
    PROJECT_SPEEDUP: ratio('项目提速', 'Speed-up of projects', 'percent'),
    START_RATE: ratio('开工率', 'Rate of projects started', 'percent'),
    TASKS_PUBLISHED: flow('榜单任务', 'Open-call tasks published', 'tasks'),
  }),
  SME: topic('中小企业', 'Small and medium enterprises', 'INDUSTRY_INFORMATION', {
    ENTERPRISES_BY_TIER: stock('梯度企业', 'Enterprises by growth tier', 'enterprises'),
    PLATFORMS_PARKS: stock('工业互联网平台及园区', 'Platforms and parks of industrial internet', 'platforms'),
    POLICY_CLAUSES: shared(stock('政策条文', 'Policy clauses', 'clauses')),
    POLICY_TAGS: shared(stock('政策标签', 'Policy tags', 'tags')),
    POLICY_THEMES: shared(stock('政策主题', 'Policy themes', 'themes')),
    SCENARIOS: stock('赋能场景', 'Scenarios published', 'scenarios'),
    SMALL_TO_SCALE: shared(flow('小升规企业', 'Enterprises grown above scale', 'enterprises')),
    TECH_PROJECTS: stock('技术项目', 'Technology projects', 'projects'),
  }),
  FINANCE: topic('金融与资金', 'Finance and funds', 'FINANCE', {
    BENEFICIARY_ENTERPRISES: shared(flow('受益企业', 'Enterprises that benefited', 'enterprises')),
    EQUITY_INVESTED: flow('股权投资', 'Equity invested', 'CNY'),
    FINANCIAL_INSTITUTIONS: shared(stock('金融机构', 'Financial institutions', 'institutions')),
    FINANCING: flow('融资', 'Financing', 'CNY'),
    FUNDS: stock('基金', 'Funds', 'funds'),
    FUND_SIZE: shared(stock('基金规模', 'Size of funds', 'CNY')),
    GUIDANCE_FUND: stock('政府引导基金规模', 'Size of guidance funds', 'CNY'),
    INVESTED_PROJECTS: shared(stock('对外投资项目', 'Projects invested in', 'projects')),
    LOANS: flow('贷款', 'Loans', 'CNY'),
    LOAN_APPROVAL_RATE: ratio('获贷率', 'Rate of loans approved', 'percent'),
    POLICIES: shared(stock('政策', 'Policies', 'policies')),
    POOL_SIZE: stock('资金池规模', 'Size of a fund pool', 'CNY'),
    PROJECTS_APPLIED: shared(flow('申报项目', 'Projects that applied', 'projects')),
    PROJECTS_SUPPORTED: shared(flow('获支持项目', 'Projects supported', 'projects')),
    SPECIAL_FUNDS_PER_YEAR: flow('每年专项资金', 'Special funds a year', 'CNY'),
    SUBSIDY_PAID: flow('兑现补贴', 'Subsidies paid', 'CNY'),
    SUPPORT_FUNDS: flow('产业扶持资金', 'Support funds paid', 'CNY'),
  }),
  EVENT: topic('活动', 'Events', 'CULTURE_TOURISM', {
    ATTENDEES: shared(flow('参加人员', 'Attendees', 'persons', 'person_times')),
    CITIES: shared(flow('参与城市', 'Cities that took part', 'cities')),
    INCOME: flow('活动收入', 'Income of events', 'CNY'),
    INSTITUTIONS: shared(flow('参加机构', 'Institutions that took part', 'institutions')),
    PROGRAMMES_EXHIBITED: shared(flow('参展节目', 'Programmes exhibited', 'programmes')),
    PROJECTS_ADVANCED: shared(flow('晋级项目', 'Projects that advanced', 'projects')),
    PROJECTS_AWARDED: shared(flow('获奖项目', 'Projects awarded', 'projects')),
    SATISFACTION: ratio('满意率', 'Rate of satisfaction', 'percent'),
    SESSIONS: flow('场次', 'Sessions', 'sessions'),
    VISITORS: flow('参观人次', 'Visits', 'person_times'),
  }),
  EXCHANGE: topic('对外交流', 'Exchange with other countries', 'PROPAGANDA', {
    COUNTRIES: shared(flow('参与国家', 'Countries that took part', 'countries')),
    INVITATIONS: flow('邀请函', 'Invitations sent', 'letters'),
    MEDIA: shared(flow('报道媒体', 'Media that reported', 'media')),
    REACH: flow('宣传覆盖', 'Reach of publicity', 'person_times'),
  }),
  SERVICE: topic('企业服务', 'Service to enterprises', 'PROPAGANDA', {
    APPROVAL_ITEMS: shared(stock('审批事项', 'Approval items', 'items')),
    CONSULTATIONS: shared(flow('政策咨询人数', 'Persons who asked about policies', 'persons')),
    GOV_SERVICE_ITEMS: shared(stock('政务服务事项', 'Government service items', 'items')),
    LISTS_PER_YEAR: flow('每年榜单', 'Lists a year', 'lists'),
    MEETINGS_PER_YEAR: flow('每年例会', 'Meetings a year', 'meetings'),
    ROADSHOWS: flow('活动和路演', 'Roadshows', 'sessions'),
    SERVICES_GIVEN: flow('服务次数', 'Services given', 'services', 'person_times'),
  }),
  MARKET_REGULATION: topic('市场监管', 'Market regulation', 'MARKET_REGULATION', {
    CASES_FILED: shared(flow('立案调查', 'Enterprises investigated', 'enterprises')),
    ENTERPRISES_NEW: flow('新增企业', 'New enterprises', 'enterprises'),
    INSPECTED: flow('检查家次', 'Inspections', 'entity_times'),
    JOINT_OPERATIONS: flow('联合执法', 'Joint operations', 'operations'),
    OFFICER_TIMES: flow('出动执法人次', 'Officers sent out', 'person_times'),
    PENALISED: shared(flow('已处罚', 'Enterprises penalised', 'enterprises')),
    PENALTY_EXEMPTIONS: flow('免罚', 'Penalties waived', 'cases'),
    POLICY_WARNINGS: flow('政策告诫', 'Warnings', 'cases'),
    SUSPECTED: shared(flow('涉嫌违规', 'Enterprises suspected', 'enterprises')),
    UNLICENSED_CASES: flow('无证经营立案', 'Cases of unlicensed business', 'cases'),
  }),
  TOURISM: topic('旅游', 'Tourism', 'CULTURE_TOURISM', {
    DEPARTMENTS: shared(stock('联合部门', 'Departments that work together', 'departments')),
    ROUTES: shared(stock('线路', 'Routes', 'routes')),
    SCENIC_4A_NEW: flow('新创建4A级景区', 'New scenic areas of grade 4A', 'scenic_areas'),
    SCENIC_SPOTS: shared(stock('景点', 'Scenic spots', 'scenic_spots')),
    TOURISM_INCOME: flow('旅游收入', 'Income from tourism', 'CNY'),
    TOURISTS: flow('接待游客', 'Tourists received', 'person_times'),
  }),
  TOURISM_MARKET: topic('旅游市场', 'Tourism market', 'CULTURE_TOURISM', {
    ASSOCIATIONS: shared(stock('行业协会', 'Trade associations', 'associations')),
  }),
  PUBLIC_CULTURE: topic('公共文化', 'Public culture', 'CULTURE_TOURISM', {
    ART_CATEGORIES: shared(stock('文艺门类', 'Categories of art', 'categories')),
    MUSEUMS: stock('博物馆', 'Museums', 'museums'),
  }),
  CONSUMPTION: topic('文化消费', 'Cultural consumption', 'CULTURE_TOURISM', {
    DRIVEN_CONSUMPTION: flow('拉动消费', 'Consumption driven', 'CNY'),
    MUSIC_BAR_STREETS: stock('音乐酒吧街', 'Streets of music bars', 'streets'),
  }),
  CIVILISATION: topic('精神文明建设', 'Civilisation work', 'PROPAGANDA', {
    ACCOUNTABILITY_SESSIONS: flow('专题问政', 'Accountability sessions', 'sessions'),
    BRIEFS: flow('简报', 'Briefs', 'issues'),
    CIVILISATION_STATIONS: stock('文明实践站点', 'Civilisation stations', 'stations'),
    CIVILISED_UNITS: stock('文明单位', 'Civilised units', 'units'),
    DISTRICTS_EVALUATED: shared(flow('测评区市', 'Districts evaluated', 'districts')),
    GROUP_WEDDING_COUPLES: flow('集体婚礼新人', 'Couples of group weddings', 'couples'),
    NATIONAL_CASES: stock('全国典型案例', 'National cases', 'cases'),
    PILOT_CITIES: shared(stock('试点城市', 'Pilot cities', 'cities')),
    PROBLEMS_EXPOSED: flow('曝光问题', 'Problems exposed', 'problems'),
    PROBLEMS_RECTIFIED: flow('整改问题', 'Problems rectified', 'problems'),
    PROBLEMS_SOLVED: flow('解决问题', 'Problems solved', 'problems'),
    RESPONSIBLE_UNITS: shared(stock('责任单位', 'Responsible units', 'units')),
    STANDARDS: shared(stock('测评标准', 'Standards', 'standards')),
    SUBDISTRICTS_EVALUATED: shared(flow('测评街道', 'Subdistricts evaluated', 'subdistricts')),
    TEAMS: stock('工作组', 'Teams', 'teams'),
    WEDDING_HALLS: stock('结婚礼堂', 'Wedding halls', 'halls'),
  }),
  PARTY: topic('党建', 'Party building', 'PROPAGANDA', {
    BRANDS_PER_YEAR: flow('每年培育党建品牌', 'Party brands a year', 'brands'),
    PARTY_CELLS: stock('党小组', 'Party cells', 'cells'),
    PARTY_ORG_COVERAGE: ratio('党组织覆盖率', 'Coverage by Party organisation', 'percent'),
    SEMINARS: flow('专题研讨', 'Seminars', 'sessions'),
    STUDY_SESSIONS: flow('中心组学习', 'Study sessions', 'sessions'),
  }),
  GOVERNANCE: topic('改革与治理', 'Reform and governance', null, {
    AWARD_QUOTA: flow('表彰名额', 'Quota of awards', 'quota'),
    CADRES_PROMOTED: flow('提拔干部', 'Cadres promoted', 'persons'),
    CADRES_SENT: stock('下沉干部', 'Cadres sent to the districts', 'persons'),
    INNOVATION_LIST: stock('创新清单', 'Items of innovation lists', 'items'),
    MEETINGS: flow('专题会议', 'Meetings', 'sessions'),
    MEMBER_UNITS: shared(stock('成员单位', 'Member units', 'units')),
    POINTS: stock('工作要点', 'Points of work', 'items'),
    RURAL_ZONES: stock('农村管区', 'Rural zones', 'zones'),
    SELECTED: flow('入选金点子', 'Ideas selected', 'ideas'),
    SPEAKERS: shared(flow('分享人', 'Speakers', 'persons')),
    STAFF: stock('职工', 'Staff', 'persons'),
  }),
  TALENT: topic('人才', 'Talent', null, {
    LECTURERS: shared(flow('授课人', 'Lecturers', 'persons')),
    SECONDED_CADRES: flow('挂职干部', 'Cadres seconded', 'persons'),
    TALENTS: stock('高端人才', 'Talents', 'persons'),
    TERMS: flow('培训期数', 'Terms of training', 'terms'),
    TRAINED_RECRUITS: flow('轮训人员', 'Recruits trained', 'persons'),
  }),
  SCI_TECH: topic('科技', 'Science and technology', null, {
    RESEARCH_INSTITUTES: stock('科研机构', 'Research institutes', 'institutions'),
    RND_STAFF: stock('研发人员', 'Research staff', 'persons'),
    WORKSTATIONS: stock('工作站', 'Workstations', 'stations'),
  }),
  RAIL: topic('轨道交通产业', 'Rail industry', 'INDUSTRY_INFORMATION', {
    CHAIN_CORE_SUPPLIERS: stock('核心配套企业', 'Core suppliers', 'enterprises'),
    CHAIN_ENTERPRISES: stock('产业链企业', 'Enterprises of the chain', 'enterprises'),
    CONTRACT_AMOUNT: flow('订单金额', 'Contract amount', 'EUR', 'CNY', 'USD'),
    EXPORT_VEHICLES: flow('出口车辆', 'Vehicles for export', 'vehicles'),
    FRONTIER_TECHNOLOGIES: stock('前沿技术', 'Frontier technologies', 'technologies'),
    OUTPUT_SHARE: ratio('产值占比', 'Share of output', 'percent'),
    PROJECTS_SIGNED: flow('签约项目', 'Projects signed', 'projects'),
    SUPPLIERS_INTRODUCED: flow('引进配套企业', 'Suppliers introduced', 'enterprises'),
    TARGET_SUPPLIERS: shared(stock('目标配套企业', 'Suppliers to be introduced', 'enterprises')),
  }),
  TRADE: topic('文化贸易', 'Trade in culture', 'PROPAGANDA', {
    IMPORT_EXPORT: flow('进出口总额', 'Imports and exports', 'USD', 'CNY'),
    TRADE_LEADING_ENTERPRISES: stock(
      '文化贸易龙头企业',
      'Leading enterprises of trade in culture',
      'enterprises',
    ),
  }),
  LAND: topic('土地', 'Land', null, {
    LAND_AREA: stock('用地面积', 'Area of land', 'mu'),
    LAND_AREA_IN_REFORM: stock('入市改革土地面积', 'Area of land in reform', 'mu'),
    LAND_AREA_SOLD: flow('成交土地面积', 'Area of land sold', 'mu'),
    LAND_PARCELS_SOLD: flow('成交宗数', 'Parcels of land sold', 'parcels'),
    LAND_SALES: flow('成交价款', 'Proceeds of land sales', 'CNY'),
    LAND_SALES_TO_COLLECTIVE: flow('留归集体价款', 'Proceeds left to collectives', 'CNY'),
    LAND_SUPPLY: flow('土地供应面积', 'Area of land supplied', 'mu'),
  }),
  ECONOMY: topic('经济运行', 'Economy', 'DEVELOPMENT_REFORM', {
    ENTERPRISE_GROWTH: ratio('企业增长', 'Growth of enterprises', 'percent'),
    FIXED_ASSET_INVESTMENT_GROWTH: ratio(
      '固定资产投资增长',
      'Growth of investment in fixed assets',
      'percent',
    ),
    OUTPUT_VALUE: flow('产值', 'Output value', 'CNY'),
    WHOLESALE_GROWTH: ratio('批发业增长', 'Growth of wholesale', 'percent'),
  }),
  STATISTICS: topic('统计', 'Statistics', 'STATISTICS', {
    GDP_INDICATORS: shared(stock('国内生产总值细化指标', 'Detailed indicators of GDP', 'indicators')),
  }),
  STATE_ASSETS: topic('国有文化资产', 'State-owned cultural assets', 'PROPAGANDA', {
    ECONOMIC_INDICATORS: shared(stock('经济效益指标', 'Economic indicators', 'indicators')),
    SOCIAL_INDICATORS: shared(stock('社会效益指标', 'Social indicators', 'indicators')),
  }),
  MEDIA: topic('媒体', 'Media', 'PROPAGANDA', {
    MEDIA_CENTRES: stock('融媒体中心', 'Media centres', 'centres'),
  }),
  INVESTMENT: topic('招商', 'Investment promotion', 'DEVELOPMENT_REFORM', {}),
  PUBLIC_SERVICE: topic('公共服务', 'Public service', null, {
    BENEFICIARY_PERSON_TIMES: flow('惠及人次', 'Persons who benefited, counted each time', 'person_times'),
    PUBLIC_SPENDING: flow('公共投入', 'Public spending', 'CNY'),
    SERVICE_CENTRES: stock('服务中心和工作室', 'Service centres and offices', 'centres', 'offices'),
    TIMES: flow('承办次数', 'Number of times', 'times'),
  }),
  LEGAL: topic('法治', 'Law', null, {
    DISPUTES_RESOLVED: flow('化解纠纷', 'Disputes resolved', 'disputes'),
    LEGAL_CONSULTATIONS: flow('法律咨询', 'Legal consultations', 'consultations'),
    LEGAL_OPINIONS: flow('法律意见', 'Legal opinions', 'opinions'),
  }),
  SPORT: topic('体育', 'Sport', null, {
    FOOTBALL_FIELDS: stock('足球场', 'Football fields', 'fields'),
    INSTRUCTORS: stock('体育指导员', 'Sports instructors', 'persons'),
    PARTICIPATION_RATE: ratio('参加锻炼比例', 'Rate of participation in sport', 'percent'),
    RESERVE_ATHLETES: flow('后备人才', 'Reserve athletes', 'persons'),
    SPORTS_AREA_PER_CAPITA: ratio(
      '人均体育设施面积',
      'Area of sports facilities per person',
      'sqm_per_capita',
    ),
    SPORTS_PARKS: stock('体育公园', 'Sports parks', 'parks'),
    SPORT_EVENTS: flow('体育赛事', 'Sport events', 'events'),
  }),
  AGRI: topic('农业', 'Agriculture', null, {
    GRAIN_OUTPUT: flow('粮食产量', 'Grain output', 'jin'),
    GREENHOUSES: stock('大棚', 'Greenhouses', 'greenhouses'),
  }),
} as const;

/** The topics of published figures, by code. */
export const topics: Readonly<Record<string, Topic>> = Object.fromEntries(
  Object.entries(declared).map(([code, { nameZh, nameEn }]) => [code, { code, nameZh, nameEn }]),
);

/** The metrics of published figures, by code. */
export const metrics: Readonly<Record<string, Metric>> = Object.fromEntries(
  Object.entries(declared).flatMap(([topic, { nameZh, nameEn, owner, metrics }]) =>
    Object.entries(metrics).map(([code, metric]) => [
      code,
      { code, topic: { code: topic, nameZh, nameEn }, owner, ...metric },
    ]),
  ),
);

/** Returns the Chinese names of topics or metrics, by code. */
export const namesOf = (named: Readonly<Record<string, { readonly nameZh: string }>>): KnownCodes =>
  new Map(Object.entries(named).map(([code, { nameZh }]) => [code, nameZh]));
