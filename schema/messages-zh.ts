import type { ErrorCode } from './errors.ts';

/**
 * What each code means, as a sentence: the Chinese message of an error that brings none of its own, such as an error of a
 * foreign subgraph.
 */
const meanings: Readonly<Record<ErrorCode, string>> = {
  AUDIT_UNAVAILABLE: '审计日志现在无法记录该请求。',
  BAD_REQUEST: '该 HTTP 请求不是 GraphQL 请求。',
  BAD_USER_INPUT: '参数或变量有误。',
  BODY_TOO_LARGE: '请求体过大。',
  CONFLICT: '当前状态不允许此变更。',
  CURSOR_EXPIRED: '该游标之后的动态已过保存期。',
  DOCUMENT_REFUSED: '本系统只答复已登记的文档。',
  EVIDENCE_MISSING: '暂缺此变更所需的其他部门事实。',
  EXPORT_INTERRUPTED: '导出在最后一行之前中断。',
  EXPORT_REFUSED: '该查询无法导出。',
  FORBIDDEN: '您无权进行此操作。',
  GOING_AWAY: '网关即将停止,请重新连接。',
  GRAPHQL_PARSE_FAILED: '文档不是有效的 GraphQL。',
  GRAPHQL_VALIDATION_FAILED: '文档与图的结构不符。',
  IDENTITY_UNAVAILABLE: '暂时无法验证令牌或密钥。',
  INTERNAL_SERVER_ERROR: '系统发生故障,原因见日志。',
  INTROSPECTION_REFUSED: '您无权查询图的结构。',
  KEY_REUSED: '变更的键已用于另一变更。',
  LIST_SIZE_REQUIRED: '列表须给出条数。',
  METHOD_NOT_ALLOWED: '该路径不支持此 HTTP 方法。',
  NOT_EXEMPTIBLE: '不符合不予处罚的条件。',
  NOT_FOUND: '所指的内容不存在。',
  NOT_SHARED: '归口部门不向您共享该数据。',
  OPERATION_RESOLUTION_FAILURE: '无法确定要执行文档中的哪个操作。',
  OPERATION_UNPLANNABLE: '无法为该操作制定执行计划。',
  OVER_BUDGET: '超出预算。',
  OVERLOADED: '系统已达处理上限。',
  PERSISTED_QUERY_NOT_FOUND: '网关没有该哈希或标识的文档。',
  PERSONAL_DATA: '文字含有个人信息。',
  QUERY_TOO_COSTLY: '该操作的成本超过上限。',
  QUERY_TOO_DEEP: '该操作的层级过多。',
  QUOTA_EXCEEDED: '当日用量已达上限。',
  RATE_LIMITED: '请求过于频繁。',
  SCHEMA_CHANGED: '图的结构已变更,请查看后重新订阅。',
  SECOND_PERSON: '该步须由他人办理。',
  SLOW_READER: '读取过慢,订阅已结束。请从最后的游标续订。',
  SUBGRAPH_TIMEOUT: '部门数据源未能及时答复。',
  SUBGRAPH_UNAVAILABLE: '部门数据源无法连接。',
  SUBSCRIPTION_ENDED: '您的权限已变更,订阅已结束。请重新订阅。',
  TOO_MANY_ALIASES: '别名过多。',
  TOO_MANY_CONDITIONS: '条件、排序与分组过多。',
  TOO_MANY_CONNECTIONS: '打开的连接过多。',
  TOO_MANY_FIELDS: '字段过多。',
  TOO_MANY_RELATED: '符合条件的相关记录过多。',
  TOO_MANY_ROOT_FIELDS: '根字段过多。',
  TOO_MANY_SUBSCRIPTIONS: '打开的订阅已达上限。请先关闭一个。',
  TOO_MANY_TOKENS: '文档过长。',
  UNAUTHENTICATED: '无法确认调用方的身份。',
  UNAUTHORIZED_FIELD_OR_TYPE: '您的令牌没有查看该字段的权限。',
  VARIABLES_TOO_DEEP: '变量的层级过多。',
  WRONG_STAGE: '当前环节不能办理该动作。',
};

type Extensions = Readonly<Record<string, unknown>>;

/**
 * Returns the Chinese message of an error: its own or, without one, what its code means. The latter repeats the English
 * message, so that nothing of it is lost.
 */
export function inChinese(message: string, { code, messageZh }: Extensions): string {
  if (typeof messageZh === 'string') return messageZh;
  const name = String(code ?? 'INTERNAL_SERVER_ERROR');
  const meaning = Object.hasOwn(meanings, name) ? meanings[name as ErrorCode] : `发生错误 ${name}。`;
  return `${meaning}(${message})`;
}
