import type { Touch } from '../audit/record.ts';
import type { EnterpriseNaming } from '../execution/restriction.ts';
import { type Ground, isPart, itemAt } from './decide.ts';

/** Finds out how an operation that reads these fields tells of enterprises; undefined where it tells nothing but what is for everybody. */
export function createNaming(ground: Ground): (seen: readonly Touch[]) => EnterpriseNaming | undefined {
  const { sharing, shape } = ground;
  const pathOf = (typeName: string) => sharing.ofType(typeName).enterpriseId;
  const isTelling = (coordinate: string) => {
    const special = sharing.ofType(typeOf(coordinate)).rows;
    return [sharing.of(coordinate), special].some((each) => each && each.class !== 'UNCONDITIONAL');
  };
  const forRows = { pathOf, isTelling, isInBulk: false };
  const forAll = { ...forRows, isInBulk: true };

  /** Whether it is about the enterprise of a row, or leads to such rows. */
  function isAboutEnterprises(coordinate: string): boolean {
    const typeName = itemAt(coordinate, ground)?.typeName ?? typeOf(coordinate);
    const holders = isPart(typeName, ground) ? shape.leadersTo(typeName).map(typeOf) : [];
    const types = [typeName, shape.rowTypeAt(coordinate) ?? typeName, ...holders];
    return types.some((each) => pathOf(each) !== undefined);
  }

  return (seen) => {
    const about = seen.filter(
      ({ coordinate, class: shareClass }) => shareClass !== 'UNCONDITIONAL' && isAboutEnterprises(coordinate),
    );
    if (about.length === 0) return undefined;
    return about.some(({ coordinate }) => itemAt(coordinate, ground)?.isField === false) ? forAll : forRows;
  };
}

const typeOf = (coordinate: string) => coordinate.slice(0, coordinate.indexOf('.'));
