/**
 * Of fewer units than this no total or rate is given, because it would tell of a single one. Threshold rule: OECD and
 * UNECE, Glossary of Statistical Disclosure Control (2005): "others require three".
 */
export const fewestUnits = 3;
