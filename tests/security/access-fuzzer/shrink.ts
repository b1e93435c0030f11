import {
  type ASTNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  separateOperations,
  validate,
  visit,
} from 'graphql';
import type { Difference } from './compare.ts';
import { schema } from './graph.ts';
import type { Question } from './hubs.ts';

type Smallest = { readonly question: Question; readonly difference: Difference };

const tries = 150;

/** Returns the smallest part of a question that still differs. */
export async function shrunk(
  question: Question,
  differs: (question: Question) => Promise<Difference | undefined>,
): Promise<Smallest | undefined> {
  let smallest: Smallest | undefined;
  let document = parse(question.query, { noLocation: true });
  let left = tries;
  for (let place = 0; place < countParts(document) && left > 0; ) {
    const smaller = withoutPart(document, place);
    const candidate = smaller && { query: print(smaller), variables: question.variables };
    const difference =
      candidate && validate(schema, smaller).length === 0 && left-- > 0
        ? await differs(candidate)
        : undefined;
    if (candidate && difference) {
      smallest = { question: candidate, difference };
      document = smaller;
    } else place++;
  }
  return smallest;
}

const isPart = ({ kind }: ASTNode) =>
  [Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD, Kind.ARGUMENT, Kind.OBJECT_FIELD].includes(
    kind as never,
  );

function countParts(document: DocumentNode): number {
  let count = 0;
  visit(document, { enter: (node) => void (isPart(node) && count++) });
  return count;
}

/** Returns the question without the part at this place and without what only that part needs. */
function withoutPart(document: DocumentNode, place: number): DocumentNode | undefined {
  let at = -1;
  const cut: DocumentNode = visit(document, {
    enter: (node) => (isPart(node) && ++at === place ? null : undefined),
  });
  let isWhole = true;
  visit(cut, {
    SelectionSet: ({ selections }) => {
      if (selections.length === 0) isWhole = false;
    },
  });
  return isWhole ? withoutUnused(cut) : undefined;
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const [used] = Object.values(separateOperations(document));
  if (!used) return document;
  const names = new Set<string>();
  visit(used, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void names.add(name.value),
  });
  return visit(used, {
    VariableDefinition: ({ variable }) => (names.has(variable.name.value) ? undefined : null),
  });
}
