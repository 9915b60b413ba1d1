export { filterMatrix, isFiltering, noFilter, type MatrixFilter } from './filter';
export { densityFor, type Density } from './geometry';
export { default as MatrixGrid } from './matrix.svelte';
export { cellKey, countMatrix, matrixOf, type Block, type Matrix } from './model';
export { default as MatrixToolbar } from './toolbar.svelte';
export { applianceMark, arpMark, askerWords, cellEdge, serverMark, wireState, wireWord } from './words';
