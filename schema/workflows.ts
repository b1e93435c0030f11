import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse, print } from 'graphql';

/** The names of what is generated for the objects of a workflow. */
export const workflowFieldsOf = (typeName: string) => {
  const field = typeName.charAt(0).toLowerCase() + typeName.slice(1);
  return { changes: `${field}Changes`, tasks: `${field}Tasks` };
};

/**
 * Returns the events and the tasks of the workflows of a subgraph, as SDL that extends its own: two lists for each type with the field
 * `allowedActions` and a list of its own. They are open as any page is, and have the filter of its objects: the gateway adds the rows that the caller may see
 * to it, so that nobody learns of an object there who may not see it. An enterprise finds its own there.
 */
export function workflowSdl(subgraphSdl: string): string {
  const document = parse(subgraphSdl, { noLocation: true });
  const objects = document.definitions.filter(
    (each) => each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  return objects
    .filter(({ fields }) => fields?.some(({ name }) => name.value === 'allowedActions'))
    .filter(({ name }) => findObject(`${name.value}Connection`, document))
    .map(({ name }) => sdlOf(name.value, document))
    .join('\n');
}

function sdlOf(type: string, document: DocumentNode): string {
  const wrapper = sharingOf(findObject(`${type}Connection`, document));
  const { changes, tasks } = workflowFieldsOf(type);
  return `extend type Query {
  "${type} 的办理动态,依次排列,至少一次;只列您可见的对象,不含内容。 The events of objects of type ${type}, in order and each at least once: of objects that you may see, without their content."
  ${changes}(
    "条数,默认 20,最多 500。 The number of events: 20 by default, at most 500."
    first: Int
    "从此游标之后取;不给则从尚存的最早一条起。 Takes events after this cursor; from the oldest that is kept if it is not given."
    after: String
    "只列载明您的机构或企业的对象。 Only of objects that name your agency, or are about your enterprise."
    mine: Boolean! = false
    "只列此地区(含下级)的对象。 Only of objects in this region or below it."
    region: ID
    ${synthetic}
    "筛选条件。 The conditions that the objects must meet."
    filter: ${type}Filter
  ): ${type}ChangeConnection ${wrapper}
  "待办:${type} 中现须由您的机构或企业办理的,依期限排列。 The objects of type ${type} that your agency or enterprise has to work on now, by due day."
  ${tasks}(
    "条数,默认 20,最多 500。 The number of tasks: 20 by default, at most 500."
    first: Int
    "从此游标之后取。 Takes tasks after this cursor."
    after: String
    "期限早于此日。 Only tasks that are due before this day."
    dueBefore: Date
    ${synthetic}
    "筛选条件。 The conditions that the objects must meet."
    filter: ${type}Filter
  ): ${type}TaskConnection ${wrapper}
}

"${type} 的办理动态的一页。 A page of events."
type ${type}ChangeConnection ${wrapper} {
  "动态。 The events."
  edges: [${type}ChangeEdge!]!
  "各动态的对象。 The objects of the events."
  nodes: [${type}!]!
  "分页信息。 The position of the page in the list."
  pageInfo: PageInfo!
}

"一项办理动态及其对象。 An event and its object."
type ${type}ChangeEdge ${wrapper} {
  "游标。 The cursor of the event."
  cursor: String!
  "动作;DUE_SOON 为即将到期,OVERDUE 为逾期。 The action; DUE_SOON or OVERDUE for its due day."
  action: String!
  "其后的环节。 The stage after it."
  stage: String!
  "其后的版本号。 The version after it."
  version: Int!
  "地区代码;未记则为 null。 The code of the region; null if it is not recorded."
  regionCode: ID
  "时刻。 The time."
  at: DateTime!
  "对象。 The object."
  node: ${type}!
}

"${type} 的待办的一页。 A page of tasks."
type ${type}TaskConnection ${wrapper} {
  "待办。 The tasks."
  edges: [${type}TaskEdge!]!
  "待办的对象。 The objects of the tasks."
  nodes: [${type}!]!
  "分页信息。 The position of the page in the list."
  pageInfo: PageInfo!
}

"一项待办。 A task."
type ${type}TaskEdge ${wrapper} {
  "游标。 The cursor of the task."
  cursor: String!
  "须办理的动作,办其一即可。 The actions of which one is to be carried out."
  actions: [String!]!
  "期限;未定则为 null。 The due day; null if none is set."
  dueOn: Date
  "地区代码;未记则为 null。 The code of the region; null if it is not recorded."
  regionCode: ID
  "对象。 The object."
  node: ${type}!
}`;
}

const synthetic = `"列合成数据还是真实数据,二者从不混列;不给则为真实数据,试用枢纽为合成数据。 True to list synthetic rows, false to list real rows; they never stand in one list. If it is not given, real rows are listed; on a trial hub, synthetic rows."
    synthetic: Boolean`;

const findObject = (name: string, document: DocumentNode): ObjectTypeDefinitionNode | undefined =>
  document.definitions.find(
    (each): each is ObjectTypeDefinitionNode =>
      each.kind === Kind.OBJECT_TYPE_DEFINITION && each.name.value === name,
  );

const sharingOf = (type: ObjectTypeDefinitionNode | undefined): string =>
  (type?.directives ?? [])
    .filter(({ name }) => name.value === 'sharing')
    .map(print)
    .join(' ');
