import { makeExecutableSchema } from '@graphql-tools/schema';
import { commonSdl, listSdl, type MemberSdl, subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { buildASTSchema, concatAST, type GraphQLSchema, parse } from 'graphql';
import { bulkRowsModule } from './bulk-rows.ts';
import { entitiesModule, type ResolverMap, splitReferences } from './entities.ts';
import { groupResolvers } from './group-resolvers.ts';
import type { List } from './list.ts';
import { type RootListsByName, relatedResolvers, withRelatedFields } from './related-fields.ts';
import { answerReplays } from './workflow/mutation-keys.ts';
import { outcomeModule } from './workflow/outcome.ts';
import { changesModule } from './workflow/read-changes.ts';
import { workflowListResolvers } from './workflow/resolvers.ts';
import type { Workflow } from './workflow/workflow.ts';

/** Parts of a subgraph: shared resolvers, its own resolvers, and its lists. */
export interface SubgraphParts {
  readonly shared: { readonly resolvers: ResolverMap; readonly regionList?: List };
  readonly own: ResolverMap;
  /** The lists to which conditions and orders of other lists can lead. */
  readonly lists?: RootListsByName;
  /** The workflows whose objects it keeps: their deadlines, their events and their tasks are served by the kit. */
  readonly workflows?: readonly Workflow[];
}

/** Schemas by the resolvers of a subgraph. Resolvers know no database, so a process builds each schema once. */
const built = new WeakMap<ResolverMap, GraphQLSchema>();

/** Returns the schema of a subgraph, from its SDL and its resolvers, with the fields for the gateway. */
export function executableSchema(member: MemberSdl, parts: SubgraphParts): GraphQLSchema {
  const schema = built.get(parts.own) ?? buildSchema(member, parts);
  built.set(parts.own, schema);
  return schema;
}

function buildSchema(
  member: MemberSdl,
  { shared, own, lists = {}, workflows = [] }: SubgraphParts,
): GraphQLSchema {
  const document = parse(`${member.ownSdl}\n${listSdl(member)}`);
  const documents = [parse(commonSdl(member)), withRelatedFields(document, lists)];
  const { resolvers, references } = splitReferences([shared.resolvers, own]);
  const entities = entitiesModule(documents, references, subgraphSdl(member));
  const hasSubscriptions = document.definitions.some(
    (each) => 'name' in each && each.name?.value === 'Subscription',
  );
  const ofWorkflows =
    workflows.length > 0 ? [outcomeModule(workflows), changesModule(workflows, hasSubscriptions)] : [];
  const forGateway = [entities, bulkRowsModule, ...ofWorkflows];
  const all = concatAST([...documents, ...forGateway.map(({ typeDefs }) => typeDefs)]);
  const schema = makeExecutableSchema({
    // Only `@link` declares federation's directives.
    typeDefs: buildASTSchema(all, { assumeValidSDL: true }),
    resolvers: [
      ...resolvers,
      groupResolvers(document, references, lists),
      relatedResolvers(lists),
      workflowListResolvers(workflows, document),
      ...forGateway.map((each) => each.resolvers),
    ] as Parameters<typeof makeExecutableSchema>[0]['resolvers'] & object,
    // This function owns the schema, so it is changed in place.
    updateResolversInPlace: true,
  });
  if (workflows[0]) answerReplays(schema, workflows[0].agency);
  return schema;
}
