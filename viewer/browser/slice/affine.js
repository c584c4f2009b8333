// Between voxels and mm. Matrices are 4 × 4, row by row.

// A point, such as the middle of a voxel, in the world that the matrix leads to.
export function pointThrough(matrix, point) {
  return matrix.slice(0, 3).map((row) => point.reduce((sum, at, i) => sum + at * row[i], row[3]));
}
