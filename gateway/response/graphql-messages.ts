/** The Chinese form of a message, from the parts that its pattern finds. */
type Form = readonly [pattern: RegExp, inChinese: (...parts: readonly string[]) => string];

/** Returns the names that a message suggests, as the end of a Chinese sentence. */
const suggested = (names = ''): string => {
  const found = [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => `“${name}”`);
  return found.length > 0 ? `您要找的可能是${found.join('、')}。` : '';
};

const didYouMean = String.raw`(?: Did you mean (.+)\?)?`;
const message = (pattern: string) => new RegExp(`^${pattern}$`, 's');

const asEnd = (via = '') => via.replaceAll('"', '').replaceAll(', ', '、');

/** Messages about values; the last parts of messages about variables are such messages too. */
const aboutValues: readonly Form[] = [
  [
    message(`Value "(.*)" does not exist in "(.+)" enum.${didYouMean}`),
    (value, type, names) => `枚举“${type}”没有值“${value}”。${suggested(names)}`,
  ],
  [
    message(`Enum "(.+)" cannot represent non-(?:enum|string) value: (.*?)\\.${didYouMean}`),
    (type, value, names) => `枚举“${type}”不能是 ${value}。${suggested(names)}`,
  ],
  [
    message('Int cannot represent non 32-bit signed integer value: (.*)'),
    (value) => `整数(Int)超出 32 位范围:${value}。`,
  ],
  [message('Int cannot represent non-integer value: (.*)'), (value) => `应为整数(Int),不能是 ${value}。`],
  [message('Float cannot represent non numeric value: (.*)'), (value) => `应为数值(Float),不能是 ${value}。`],
  [
    message('String cannot represent a non string value: (.*)'),
    (value) => `应为字符串(String),不能是 ${value}。`,
  ],
  [
    message('Boolean cannot represent a non boolean value: (.*)'),
    (value) => `应为布尔值(Boolean),不能是 ${value}。`,
  ],
  [
    message('ID cannot represent (?:a non-string and non-integer )?value: (.*)'),
    (value) => `应为标识(ID),不能是 ${value}。`,
  ],
  [
    message(`Field "(.+)" is not defined by type "(.+?)"\\.${didYouMean}`),
    (field, type, names) => `输入类型“${type}”没有字段“${field}”。${suggested(names)}`,
  ],
  [
    message('Field "(.+)" of required type "(.+)" was not provided\\.'),
    (field, type) => `缺少必填字段“${field}”(类型 ${type})。`,
  ],
  [message('Field "(.+)" must be non-null\\.'), (field) => `字段“${field}”不能为空。`],
  [message('Expected non-nullable type "(.+)" not to be null\\.'), (type) => `类型 ${type} 不能为空。`],
  [message('Expected type "(.+)" to be an object\\.'), (type) => `类型 ${type} 应为对象。`],
  [
    message('(?:OneOf Input Object|Exactly one key must be specified for OneOf type) "(.+?)".*'),
    (type) => `类型“${type}”须恰好给出一个字段。`,
  ],
  [
    message('Expected value of type "(.+?)", found (.*?); (.*)'),
    (type, value, why = '') => `应为类型 ${type} 的值,不能是 ${value}:${ofValue(why) ?? why}`,
  ],
  [
    message('Expected value of type "(.+?)", found (.*)\\.'),
    (type, value) => `应为类型 ${type} 的值,不能是 ${value}。`,
  ],
  [
    message('Expected type "(.+?)"\\.(?: (.*))?'),
    (type, why = '') => `应为类型 ${type} 的值。${why && (ofValue(why) ?? why)}`,
  ],
];

const aboutVariables: readonly Form[] = [
  [
    message('Variable "(\\$\\w+)" of required type "(.+)" was not provided\\.'),
    (name, type) => `缺少必填变量“${name}”(类型 ${type})。`,
  ],
  [
    message('Variable "(\\$\\w+)" of non-null type "(.+)" must not be null\\.'),
    (name, type) => `变量“${name}”(类型 ${type})不能为空。`,
  ],
  [
    message('Variable "(\\$\\w+)" expected value of type "(.+)" which cannot be used as an input type\\.'),
    (name, type) => `变量“${name}”的类型 ${type} 不是输入类型。`,
  ],
  [
    message('Too many errors processing variables, error limit reached\\. Execution aborted\\.'),
    () => '变量中的错误过多,其余不再列出。',
  ],
  [
    message('Variable "(\\$\\w+)" is not defined(?: by operation "(.+)")?\\.'),
    (name, operation) => `${operation ? `操作“${operation}”` : '该操作'}没有定义变量“${name}”。`,
  ],
  [
    message('Variable "(\\$\\w+)" is never used(?: in operation "(.+)")?\\.'),
    (name, operation) => `${operation ? `操作“${operation}”` : '该操作'}没有用到变量“${name}”。`,
  ],
  [
    message('Variable "(\\$\\w+)" cannot be non-input type "(.+)"\\.'),
    (name, type) => `变量“${name}”不能为非输入类型 ${type}。`,
  ],
  [
    message('Variable "(\\$\\w+)" of type "(.+)" used in position expecting type "(.+)"\\.'),
    (name, type, expected) => `变量“${name}”为类型 ${type},而所用之处须为类型 ${expected}。`,
  ],
  [
    message('Variable "(\\$\\w+)" is of type "(.+)" but must be non-nullable .* "(.+)"\\.'),
    (name, type, parent) => `变量“${name}”为类型 ${type},用于“${parent}”时须为非空类型。`,
  ],
];

const aboutDocuments: readonly Form[] = [
  [
    message(`Cannot query field "(.+)" on type "(.+?)"\\.(?: Did you mean (.+)\\?)?`),
    (field, type, names) => `类型“${type}”没有字段“${field}”。${suggested(names)}`,
  ],
  [
    message(`Unknown argument "(.+)" on (field|directive) "(.+?)"\\.${didYouMean}`),
    (argument, kind, place, names) =>
      `${kind === 'field' ? '字段' : '指令'}“${place}”没有参数“${argument}”。${suggested(names)}`,
  ],
  [
    message(
      '(Field|Directive) "(.+)" argument "(.+)" of type "(.+)" is required, but it was not provided\\.',
    ),
    (kind, place, argument, type) =>
      `${kind === 'Field' ? '字段' : '指令'}“${place}”缺少必填参数“${argument}”(类型 ${type})。`,
  ],
  [
    message('Field "(.+)" must not have a selection since type "(.+)" has no subfields\\.'),
    (field, type) => `字段“${field}”的类型 ${type} 没有子字段,不能再选取。`,
  ],
  [
    message('Field "(.+)" of type "(.+)" must have a selection of subfields\\..*'),
    (field, type) => `字段“${field}”的类型为 ${type},须选取其子字段:${field} { … }。`,
  ],
  [
    message('Field "(.+)" of type "(.+)" must have at least one field selected\\.'),
    (field, type) => `字段“${field}”的类型为 ${type},须至少选取一个子字段。`,
  ],
  [
    message('Fields "(.+?)" conflict because (.*)\\. Use different aliases .*'),
    (fields, why = '') => `字段“${fields}”互相冲突:${conflictOf(why)}。若确需同时查询,请用不同的别名。`,
  ],
  [
    message(`Unknown type "(.+?)"\\.${didYouMean}`),
    (type, names) => `没有名为“${type}”的类型。${suggested(names)}`,
  ],
  [message('Unknown directive "(.+)"\\.'), (name) => `没有名为“${name}”的指令。`],
  [
    message('Directive "(.+)" may not be used on (.+)\\.'),
    (name, place) => `指令“${name}”不能用于 ${place}。`,
  ],
  [
    message('The directive "(.+)" can only be used once at this location\\.'),
    (name) => `指令“${name}”在此处只能使用一次。`,
  ],
  [message('Unknown fragment "(.+)"\\.'), (name) => `没有名为“${name}”的片段。`],
  [message('Fragment "(.+)" is never used\\.'), (name) => `没有用到片段“${name}”。`],
  [
    message('Cannot spread fragment "(.+?)" within itself(?: via (.+))?\\.'),
    (name, via) => `片段“${name}”不能包含自身${via ? `(经由 ${asEnd(via)})` : ''}。`,
  ],
  [
    message('Fragment(?: "(.+)")? cannot condition on non composite type "(.+)"\\.'),
    (name, type) => `片段${name ? `“${name}”` : ''}不能以类型“${type}”为条件:它没有字段。`,
  ],
  [
    message(
      'Fragment(?: "(.+)")? cannot be spread here as objects of type "(.+)" can never be of type "(.+)"\\.',
    ),
    (name, type, other) =>
      `片段${name ? `“${name}”` : ''}不能用于此处:类型“${type}”的对象不可能为类型“${other}”。`,
  ],
  [
    message('There can be only one (\\S+|input field) named "(.+)"\\.'),
    (kind = '', name) => `${kinds[kind] ?? kind}“${name}”只能有一个。`,
  ],
  [
    message('This anonymous operation must be the only defined operation\\.'),
    () => '含有匿名操作的文档不能再有其他操作。',
  ],
  [
    message(
      '(?:Subscription "(.+)"|Anonymous Subscription) must (?:select only one|not select an introspection) top.*',
    ),
    (name) => `订阅${name ? `“${name}”` : ''}须恰好选取一个根字段,且不能是内省字段。`,
  ],
  [message('The (.+) definition is not executable\\.'), (name) => `${name} 的定义不能执行。`],
  [message('Maximum introspection depth exceeded'), () => '内省查询的层级过多。'],
  [message('Unknown operation named "(.+)"\\.'), (name) => `没有名为“${name}”的操作。`],
  [
    message('Must provide operation name if query contains multiple operations\\.'),
    () => '请给出 operationName:文档含有多个操作。',
  ],
];

/** Why two fields of one name conflict; conflicts of their subfields stand in the reason. */
const conflictOf = (why: string): string =>
  why
    .replaceAll(/"([^"]+)" and "([^"]+)" are different fields/g, '“$1”与“$2”是不同的字段')
    .replaceAll('they have differing arguments', '参数不同')
    .replaceAll('they have differing stream directives', '流指令不同')
    .replaceAll(/they return conflicting types "([^"]+)" and "([^"]+)"/g, '类型“$1”与“$2”不一致')
    .replaceAll(/subfields "([^"]+)" conflict because /g, '子字段“$1”冲突,因为')
    .replaceAll(' and 子字段', ';子字段');

const kinds: Readonly<Record<string, string>> = {
  argument: '参数',
  fragment: '片段',
  'input field': '输入字段',
  operation: '操作',
  variable: '变量',
};

const aboutSyntax: readonly Form[] = [
  [message('Expected (.+), found (.+)\\.'), (wanted, found) => `此处应为 ${wanted},却是 ${found}。`],
  [message('Unexpected variable "(.+)" in constant value\\.'), (name) => `常量中不能出现变量“${name}”。`],
  [message('Unterminated string\\.'), () => '字符串没有结束。'],
  [message('Unexpected single quote character.*'), () => '不能用单引号,请改用双引号(")。'],
  [message('Invalid number, .*: (.+)\\.'), (found) => `数字写法有误,在 ${found} 处。`],
  [message('Invalid character within String: (.+)\\.'), (found) => `字符串中有不允许的字符 ${found}。`],
  [message('Invalid (?:Unicode|character) escape sequence: "(.*)"\\.'), (found) => `转义写法有误:${found}。`],
  [message('Unexpected description, .*'), () => '此处不能有说明文字。'],
  [
    message('(.+) is reserved and cannot be used for an enum value\\.'),
    (name) => `${name} 是保留字,不能作枚举值。`,
  ],
  [message('(?:Source|Document) contains more th\\w+ .* Parsing aborted\\.'), () => '文档过长,未能读完。'],
  [message('Unexpected (?:character: )?(.+)\\.'), (found) => `此处不应出现 ${found}。`],
];

/** Messages of Apollo Server about requests that are none. */
const aboutRequests: readonly Form[] = [
  [
    message('POST body missing, invalid Content-Type, or JSON object has no keys\\.'),
    () => '缺少请求体,或请求体是没有成员的 JSON。请发送形如 {"query": "{ __typename }"} 的 JSON。',
  ],
  [
    message('GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension\\.'),
    () => 'GraphQL 请求须含非空的 query,或扩展 persistedQuery。',
  ],
  [message('GraphQL queries must be strings\\..*'), () => 'query 须为字符串。'],
  [
    message('`(\\w+)` in a POST body (?:must|should) .*'),
    (name) => `请求体中的 ${name} 类型有误:variables 与 extensions 须为对象,operationName 须为字符串。`,
  ],
  [
    message("The '?(\\w+)'? search parameter .*"),
    (name) => `查询参数 ${name} 只能给出一次,且须为有效的 JSON 对象。`,
  ],
  [
    message('GET requests only support query operations, not (\\w+) operations'),
    () => 'GET 只能用于查询。变更请用 POST。',
  ],
  [
    message("An 'accept' header was provided for this request which does not accept .*"),
    () => '请求头 accept 须接受 application/json 或 application/graphql-response+json。',
  ],
  [
    message('This operation has been blocked as a potential Cross-Site Request Forgery .*'),
    () =>
      '该请求可能是跨站伪造,已拦截。请加请求头 content-type: application/json,或 apollo-require-preflight。',
  ],
  [
    message('(?:Operation batching disabled|No operations found in request)\\.'),
    () => '一次请求只能含一个操作。',
  ],
];

function find(forms: readonly Form[], text: string): string | undefined {
  for (const [pattern, inChinese] of forms) {
    const [whole, ...parts] = pattern.exec(text) ?? [];
    if (whole !== undefined) return inChinese(...parts);
  }
  return undefined;
}

const ofValue = (text: string) => find(aboutValues, text);

const syntaxError = 'Syntax Error: ';
const invalidVariable = /^Variable "(\$\w+)" got invalid value (.*?)(?: at "([^"]+)")?; (.*)$/s;

/**
 * Returns the Chinese form of a message of graphql-js or Apollo Server, which know English only; undefined for another
 * message. `ownZh` is what the error says in Chinese itself: about a variable, that is the last part of the message.
 */
export function graphqlMessageInChinese(text: string, ownZh?: string): string | undefined {
  const [, name, value, place, why = ''] = invalidVariable.exec(text) ?? [];
  if (name !== undefined) {
    const at = place ? `在“${place}”处` : '';
    return `变量“${name}”${at}的值 ${value} 无效:${ownZh ?? ofValue(why) ?? why}`;
  }
  if (ownZh !== undefined) return undefined;
  if (text.startsWith(syntaxError)) {
    const what = text.slice(syntaxError.length);
    return `语法错误:${find(aboutSyntax, what) ?? what}`;
  }
  return (
    find(aboutDocuments, text) ?? find(aboutVariables, text) ?? ofValue(text) ?? find(aboutRequests, text)
  );
}
