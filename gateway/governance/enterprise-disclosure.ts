import type { EnterpriseDisclosure } from '../request/authorization.ts';
import type { FieldAccess } from '../request/field-access.ts';
import { isPart, type PolicyModel, protectedFieldAt, typeNameIn } from './policy-model.ts';

/**
 * Creates a function that finds how an operation with these field accesses discloses enterprises; undefined if it
 * shows public data only.
 */
export function createDisclosure(
  model: PolicyModel,
): (seen: readonly FieldAccess[]) => EnterpriseDisclosure | undefined {
  const { sharing, shape } = model;
  const pathOf = (typeName: string) => sharing.ofType(typeName).enterpriseId;
  const disclosedOwner = (coordinate: string) => {
    const { rows: special, keeper } = sharing.ofType(typeNameIn(coordinate));
    const own = sharing.of(coordinate);
    const isClosed = [own, special].some((each) => each && each.class !== 'UNCONDITIONAL');
    return isClosed ? (own?.owner ?? keeper) : undefined;
  };

  /** Returns whether a coordinate is about the enterprise of a row, or leads to such rows. */
  function isAboutEnterprises(coordinate: string): boolean {
    const typeName = protectedFieldAt(coordinate, model)?.typeName ?? typeNameIn(coordinate);
    const holders = isPart(typeName, model) ? shape.leadersTo(typeName).map(typeNameIn) : [];
    const types = [typeName, shape.rowTypeAt(coordinate) ?? typeName, ...holders];
    return types.some((each) => pathOf(each) !== undefined);
  }

  return (seen) => {
    const about = seen.filter(
      ({ coordinate, class: shareClass }) => shareClass !== 'UNCONDITIONAL' && isAboutEnterprises(coordinate),
    );
    if (about.length === 0) return undefined;
    return {
      pathOf,
      disclosedOwner,
      owners: [...new Set(about.flatMap(({ owner }) => owner ?? []))],
      isInBulk: about.some(({ coordinate }) => protectedFieldAt(coordinate, model)?.isField === false),
    };
  };
}
